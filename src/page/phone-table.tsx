import { PasswordCell } from './password-cell.tsx';
import type { Phone } from './queries.ts';

interface Props {
  readonly appId: string;
  readonly token: string;
  readonly phones: readonly Phone[];
}

export function PhoneTable({ appId, token, phones }: Props) {
  return (
    <table>
      <caption class="unseen">Phones</caption>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">Name</th>
          <th scope="col">Group</th>
          <th scope="col">Number</th>
          <th scope="col">Password</th>
        </tr>
      </thead>
      <tbody>
        {phones.map(({ account, phoneName, groupName, displayNum }) => (
          <tr key={account}>
            <th scope="row" data-label="Account">
              {account}
            </th>
            <td data-label="Name">{phoneName ?? '–'}</td>
            <td data-label="Group">{groupName ?? '–'}</td>
            <td data-label="Number">{displayNum ?? '–'}</td>
            <td data-label="Password">
              <PasswordCell appId={appId} account={account} token={token} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
