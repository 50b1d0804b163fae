import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An HTTPS server with a certificate that nobody has vouched for. */
export interface UntrustedServer {
  readonly url: string;
  /** The certificate, for whoever wants to vouch for it. */
  readonly certificate: string;
  readonly requestCount: number;
  close(): Promise<void>;
}

/**
 * @param lastDay the certificate's, as two digits each of year, month and day.
 * @param answer the body of each answer.
 */
export async function createUntrustedServer(lastDay = '491231', answer = ''): Promise<UntrustedServer> {
  let requestCount = 0;
  const certificate = createSelfSignedCertificate(lastDay);
  const server = createServer(certificate, (_, response) => {
    requestCount += 1;
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/voice`,
    certificate: certificate.cert,
    get requestCount() {
      return requestCount;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Made anew each time, so that no private key lies in the repository. The least that X.509 asks for. */
export function createSelfSignedCertificate(lastDay = '491231'): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = sequence(Buffer.from('0603550403', 'hex'), encode(0x0c, Buffer.from('localhost')));
  const name = sequence(encode(0x31, commonName));
  const validity = sequence(
    encode(0x17, Buffer.from('200101000000Z')),
    encode(0x17, Buffer.from(`${lastDay}235959Z`)),
  );
  const serial = Buffer.from('020101', 'hex');
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(serial, ecdsaWithSha256, name, validity, name, key);
  const signature = encode(0x03, Buffer.concat([Buffer.alloc(1), sign('sha256', body, privateKey)]));
  const certificate = sequence(body, ecdsaWithSha256, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return encode(0x30, Buffer.concat(parts));
}

/** DER: a tag, a length of up to 65,535, the content. */
function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
