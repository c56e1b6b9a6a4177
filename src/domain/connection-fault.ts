const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  PROXY_UNREACHABLE: 'the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) could not be reached',
  PROXY_REFUSED: 'the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) refused to connect to it',
  UND_ERR_HEADERS_OVERFLOW: 'what came back has too many headers',
  UND_ERR_HEADERS_TIMEOUT: 'it took too long',
  UND_ERR_BODY_TIMEOUT: 'it took too long',
};

/** OpenSSL's and Node's names for a certificate that is not accepted. */
const CERTIFICATE_CODES = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT)/;

/** Whether a connection failed because the other side's certificate is not accepted. */
export function isBadCertificate(code: string): boolean {
  return CERTIFICATE_CODES.test(code);
}

/** What happened to a connection, from the error's code alone: messages of the network hold addresses. */
export function connectionFault(error: unknown): string {
  const { code: own, cause } = error as { code?: unknown; cause?: { code?: unknown; name?: unknown } };
  if (cause?.name === 'HTTPParserError') return 'what came back is not HTTP';
  const code = [own, cause?.code].find((c): c is string => typeof c === 'string');
  if (!code) return 'the connection failed';
  if (isBadCertificate(code)) return `its certificate is not accepted (${code})`;
  if (/^(?:Z_|ERR_BROTLI|ERR__ERROR|ZSTD)/.test(code)) return 'its compression cannot be read';
  return FAULTS[code] ?? `the connection failed (${code})`;
}
