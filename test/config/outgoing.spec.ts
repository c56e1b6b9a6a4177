import { readFileSync } from 'node:fs';
import { loadSettings } from '../../src/config/load-settings';
import type { Outgoing } from '../../src/config/outgoing';
import { TEST_CA_FILE } from '../stand-ins/tls-front.ts';

const REQUIRED = ['--api-token=t', '--claude-api-key=k', '--prometheus-endpoint=http://p'];
const CA = readFileSync(TEST_CA_FILE, 'utf8');

const load = (argv: string[], env: Record<string, string>, file: () => string): ReturnType<typeof loadSettings> =>
  loadSettings([...REQUIRED, ...argv], env, file);

function outgoingOf(argv: string[], env: Record<string, string> = {}, file = (): string => CA): Outgoing {
  const loaded = load(argv, env, file);
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  return loaded.outgoing;
}
function faultsOf(argv: string[], env: Record<string, string>, file = (): string => CA): readonly string[] {
  const loaded = load(argv, env, file);
  if (loaded.kind !== 'faults') throw new Error(loaded.kind);
  return loaded.faults;
}

it('trusts nobody in particular and uses no proxy unless it is told to', () => {
  expect(outgoingOf([])).toEqual({ certificates: [] });
});

describe('ca-file', () => {
  it('gives every certificate of the file, whatever stands between them', () => {
    const { certificates } = outgoingOf(['--ca-file=/ca.pem'], {}, () => `# ours\n${CA}\n# and theirs\n${CA}`);
    expect(certificates).toEqual([CA.trim(), CA.trim()]);
  });

  it.each([
    [
      'that is not there',
      (): string => {
        throw Object.assign(new Error('x'), { code: 'ENOENT' });
      },
      'cannot be read (ENOENT)',
    ],
    ['that is empty', (): string => '', 'without a certificate in PEM form'],
    ['that holds a key', (): string => '-----BEGIN PRIVATE KEY-----\nhunter2\n', 'without a certificate in PEM form'],
    ['that is cut', (): string => CA.slice(0, CA.length / 2), 'without a certificate in PEM form'],
    ['whose second one is damaged', (): string => `${CA}\n${CA.replace('MII', 'AAA')}`, 'certificate 2 cannot be read'],
  ])('names a file %s beside all other faults', (_what, file, complaint) => {
    const faults = faultsOf(['--ca-file=/etc/ca.pem', '--http-port=99999'], {}, file);
    expect(faults).toEqual([
      expect.stringContaining('--http-port'),
      expect.stringContaining(`--ca-file (VIGIL_CA_FILE) names a file`),
    ]);
    expect(faults[1]).toContain(complaint);
    expect(faults[1]).toContain('/etc/ca.pem');
    expect(faults[1]).not.toContain('hunter2');
  });
});

describe('the proxy variables', () => {
  it('are read in both cases, lower case first, with or without a scheme', () => {
    const env = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'lower:3128', HTTP_PROXY: 'https://u:p@tls:2' };
    expect(outgoingOf([], { ...env, NO_PROXY: 'localhost,.svc' })).toEqual({
      certificates: [],
      httpsProxy: 'http://lower:3128/',
      httpProxy: 'https://u:p@tls:2/',
      noProxy: 'localhost,.svc',
    });
  });

  it.each(['socks5://u:hunter2@proxy', 'http://u:hunter2@:80:80', 'ftp://hunter2'])(
    'are refused at the start when they name no proxy, without being shown: %s',
    (value) => {
      const faults = faultsOf([], { HTTPS_PROXY: value });
      expect(faults).toEqual([expect.stringMatching(/^HTTPS_PROXY must be a proxy's URL/)]);
      expect(faults[0]).not.toContain('hunter2');
    },
  );
});
