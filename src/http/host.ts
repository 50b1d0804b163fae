const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Whether a `Host` header names this machine as only it can be named. A web page can have its own name resolved to a
 * loopback address, but the browser then still sends that name.
 */
export function isLoopbackHost(header: string | undefined): boolean {
  return header !== undefined && LOOPBACK_HOST.test(header);
}
