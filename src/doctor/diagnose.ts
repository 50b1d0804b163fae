import type { GatewayError } from '../errors/gateway-error.ts';
import { PROXY_ANSWERS } from '../itnio/faults.ts';
import { type Finding, fault, WHO } from './finding.ts';

const { OPERATOR, ACCOUNT, NETWORK, SERVER, VENDOR } = WHO;

/** What a status of the vendor means for the one who asks. */
export function diagnoseStatus(status: string, appId: string): Finding {
  switch (status) {
    case '-1':
      return fault(
        'The vendor does not know this key and secret together (status -1).',
        "Compare ITNIO_API_KEY and ITNIO_API_SECRET with those of Itnio's console, letter by letter; a new secret there ends the old one.",
        OPERATOR,
      );
    case '-2':
    case '-31':
      return fault(
        `The vendor does not let this machine's address in (status ${status}).`,
        "Add the address by which this machine is seen on the internet to the account's allow-list.",
        ACCOUNT,
      );
    case '-13':
    case '-29':
    case '-30':
      return fault(
        `The vendor has locked the user, the workspace or the key (status ${status}).`,
        "Look at the account's state, and make a new key if this one was disabled.",
        ACCOUNT,
      );
    case '-22':
      return fault(
        `The vendor refuses the app id "${appId}" (status -22).`,
        "Compare the app id in ITNIO_APPS with Itnio's console; capitals count.",
        OPERATOR,
      );
    case '-32':
      return fault(
        `The key may not use the app "${appId}" (status -32).`,
        'Give the key access to the app, or take the app out of ITNIO_APPS.',
        ACCOUNT,
      );
    case '-15':
      return fault(
        'The vendor says that it is asked too often (status -15).',
        'Wait a minute and try again; if it stays so, something else asks with the same account.',
        OPERATOR,
      );
    case '-18':
      return fault('The vendor has a fault of its own (status -18).', 'Try again in a few minutes.', VENDOR);
    default:
      return fault(
        /^-?\d{1,4}$/.test(status)
          ? `The vendor answers with status ${status}, which its documentation does not have.`
          : 'The vendor answers with a status that is none.',
        'Check ITNIO_BASE_URL; if it is right, ask what the status means.',
        VENDOR,
      );
  }
}

/** @param proxy the variable that names an outbound proxy, where one is set. */
export function diagnoseFailure(error: GatewayError, baseUrl: string, proxy: string | undefined): Finding {
  const { host } = new URL(baseUrl);
  const evidence = findEvidence(error);
  if (error.code === 'UPSTREAM_TIMEOUT' || error.code === 'DEADLINE_EXCEEDED')
    return fault(`${host} did not answer within 5 seconds.`, describeWayOut(proxy), NETWORK);
  if (error.code === 'UPSTREAM_RATE_LIMITED')
    return fault(
      `${host} says that it is asked too often (HTTP 429).`,
      'Wait a minute and try again.',
      SERVER,
    );
  return (
    diagnoseProxy(error, host) ??
    diagnoseCertificate(evidence, host) ??
    diagnoseConnection(evidence, host, proxy) ??
    diagnoseHttp(evidence, host, error)
  );
}

/** What the outbound proxy answers instead of letting this machine through. */
function diagnoseProxy(error: GatewayError, host: string): Finding | undefined {
  const text = readFault(error);
  if (!text.startsWith(PROXY_ANSWERS)) return undefined;
  const [status = ''] = /HTTP \d{3}/.exec(text) ?? [];
  if (status === 'HTTP 407')
    return fault(
      'The proxy asks for credentials, or does not take those that it gets (HTTP 407).',
      'Put user and password into HTTPS_PROXY, such as http://user:password@proxy.example.com:3128.',
      OPERATOR,
    );
  return error.code === 'UPSTREAM_UNAVAILABLE'
    ? fault(
        `The proxy does not reach ${host} (${status}).`,
        'Check ITNIO_BASE_URL, and whether the proxy can resolve and reach this host.',
        NETWORK,
      )
    : fault(
        `The proxy does not let this machine through to ${host} (${status}).`,
        'Have the proxy allow this host and port, or take the host out by NO_PROXY if it can be reached without.',
        NETWORK,
      );
}

function diagnoseCertificate(evidence: string, host: string): Finding | undefined {
  switch (evidence) {
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return fault(
        `The certificate of ${host} ${evidence === 'CERT_HAS_EXPIRED' ? 'has expired' : 'does not hold yet'} (${evidence}).`,
        'Check the date of this machine; if it is right, the certificate has to be renewed.',
        SERVER,
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return fault(
        `The certificate is for another name than ${host} (${evidence}).`,
        'Check ITNIO_BASE_URL, and where the name leads.',
        OPERATOR,
      );
    case 'EPROTO':
      return fault(
        `${host} does not speak TLS, or none that can be agreed on (${evidence}).`,
        'Check scheme and port of ITNIO_BASE_URL.',
        OPERATOR,
      );
    default:
      if (evidence.startsWith('ERR_SSL_'))
        return fault(
          `No TLS can be agreed on with ${host} (${evidence}).`,
          'Check scheme and port of ITNIO_BASE_URL.',
          OPERATOR,
        );
      if (!/SIGNED|ISSUER|VERIFY|CERT|CRL|_CA$|CA_|EE_KEY|UNSPECIFIED/.test(evidence)) return undefined;
      return fault(
        `The certificate of ${host} is not vouched for by anyone whom this machine trusts (${evidence}).`,
        'Behind a proxy that reads TLS, give its authority by NODE_EXTRA_CA_CERTS in the environment; otherwise do not go on: someone may be in between.',
        OPERATOR,
      );
  }
}

function diagnoseConnection(evidence: string, host: string, proxy: string | undefined): Finding | undefined {
  if (evidence === 'ENOTFOUND' || evidence === 'EAI_AGAIN')
    return fault(
      `The name ${host} cannot be resolved (${evidence}).`,
      `Check ITNIO_BASE_URL, and the resolver of this machine. ${describeProxy(proxy)}`.trim(),
      OPERATOR,
    );
  if (!/^E[A-Z]+$|^STALE_SOCKET$|^ERR_|^HPE_/.test(evidence)) return undefined;
  return fault(`There is no connection to ${host} (${evidence}).`, describeWayOut(proxy), NETWORK);
}

function diagnoseHttp(evidence: string, host: string, { code }: GatewayError): Finding {
  switch (evidence) {
    case 'HTTP 407':
      return fault(
        'A proxy in between asks for credentials (HTTP 407).',
        'Let this machine reach the base URL without them, or give the proxy what it asks for.',
        NETWORK,
      );
    case 'HTTP 401':
    case 'HTTP 403':
      return fault(
        `${host} refuses the request before the API sees it (${evidence}).`,
        'Check ITNIO_BASE_URL, and whether a proxy or a firewall in between refuses it.',
        NETWORK,
      );
    case 'HTTP 404':
      return fault(
        `There is no API at the base URL (HTTP 404).`,
        'Check the path of ITNIO_BASE_URL.',
        OPERATOR,
      );
    case 'redirect':
      return fault(
        'The base URL leads elsewhere: the answer is a redirect, which is never followed.',
        'Put the address that it leads to into ITNIO_BASE_URL, if that is one of Itnio.',
        OPERATOR,
      );
    default:
      return fault(
        evidence.startsWith('HTTP ')
          ? `${host} has a fault of its own (${evidence}).`
          : `${host} answers with something that is not the API (${code}).`,
        'Check ITNIO_BASE_URL; if it is right, try again in a few minutes.',
        SERVER,
      );
  }
}

/** The name at the head of an error's evidence, such as `ECONNREFUSED` or `HTTP 403`; the rest is for people. */
function findEvidence(error: GatewayError): string {
  return /^(?:HTTP \d{3}|redirect|[A-Z][A-Z0-9_]+)/.exec(readFault(error))?.[0] ?? '';
}

function readFault(error: GatewayError): string {
  return 'fault' in error && typeof error.fault === 'string' ? error.fault : '';
}

function describeWayOut(proxy: string | undefined): string {
  return `Check ITNIO_BASE_URL, and whether a firewall lets this machine out. ${describeProxy(proxy)}`.trim();
}

function describeProxy(proxy: string | undefined): string {
  return proxy === undefined
    ? ''
    : `${proxy} is set: check that the proxy can be reached, and lets this host through.`;
}
