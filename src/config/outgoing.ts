import { X509Certificate } from 'node:crypto';
import type { Environment, ReadFile } from './read-environment';

/** How connections to the outside are made: whom they trust, and through which proxy they go. */
export interface Outgoing {
  /** PEM, one each: trusted besides the public authorities. */
  readonly certificates: readonly string[];
  /** URLs; they may hold a user and a password, so they are never shown. */
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** As the variable has it: hosts that are reached without a proxy. */
  readonly noProxy?: string;
}

export interface ReadOutgoing {
  readonly outgoing: Outgoing;
  /** One sentence each. */
  readonly faults: readonly string[];
}

/** Reads the certificates of `ca-file`, and the variables by which every program is told of a proxy. */
export function readOutgoing(caFile: string | undefined, env: Environment, readFile: ReadFile): ReadOutgoing {
  const faults: string[] = [];
  const outgoing = {
    certificates: caFile === undefined ? [] : readCertificates(caFile, readFile, faults),
    httpProxy: readProxy('HTTP_PROXY', env, faults),
    httpsProxy: readProxy('HTTPS_PROXY', env, faults),
    noProxy: (env['no_proxy'] ?? env['NO_PROXY'])?.trim() || undefined,
  };
  return { outgoing, faults };
}

const CA_FILE = '--ca-file (VIGIL_CA_FILE)';
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Read at the start: a file that is no good must not show itself as every backend's refusal, hours later. */
function readCertificates(path: string, readFile: ReadFile, faults: string[]): string[] {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it cannot be read';
    faults.push(`${CA_FILE} names a file that cannot be read (${code}): check the path ${path} and its owner.`);
    return [];
  }
  const certificates = text.match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    faults.push(
      `${CA_FILE} names a file without a certificate in PEM form (-----BEGIN CERTIFICATE-----): put the authority's certificate into ${path}.`,
    );
  }
  certificates.forEach((pem, i) => {
    if (!isCertificate(pem)) {
      faults.push(`${CA_FILE} names a file whose certificate ${i + 1} cannot be read: write ${path} anew.`);
    }
  });
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}

/** Lower case goes first and the scheme may be missing, as with curl. */
function readProxy(variable: string, env: Environment, faults: string[]): string | undefined {
  const given = (env[variable.toLowerCase()] ?? env[variable])?.trim();
  if (!given) return undefined;
  const url = URL.parse(given.includes('://') ? given : `http://${given}`);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url.href;
  faults.push(`${variable} must be a proxy's URL like http://proxy:3128 (http or https; SOCKS is not supported).`);
  return undefined;
}
