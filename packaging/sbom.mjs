import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A bill of materials. @see https://cyclonedx.org/docs/1.5/json/ */
export async function printSbom(root, packages) {
  const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const component = (found, type) => ({
    type,
    'bom-ref': createPurl(found),
    name: found.name,
    version: found.version,
    purl: createPurl(found),
    licenses: [
      {
        [/^\w[\w.-]*$/.test(found.license) ? 'license' : 'expression']: /^\w[\w.-]*$/.test(found.license)
          ? { id: found.license }
          : found.license,
      },
    ],
  });
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: component({ name, version, license }, 'application') },
    components: packages.map((found) => ({
      ...component(found, 'library'),
      ...listHashes(lock, found),
    })),
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

function createPurl({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** What the lock file says of the package that was installed. */
function listHashes({ packages }, { name, version }) {
  const found = Object.entries(packages).find(
    ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
  );
  const [, digest] = /^sha512-(.+)$/.exec(found?.[1].integrity ?? '') ?? [];
  return digest === undefined
    ? {}
    : { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] };
}
