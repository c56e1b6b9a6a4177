import { helpText } from '../../src/config/help';
import { loadSettings } from '../../src/config/load-settings';
import { SETTINGS, type Settings } from '../../src/config/settings';
import { costUsd } from '../../src/llm/prices';

const REQUIRED = {
  VIGIL_API_TOKEN: 'dev-token',
  VIGIL_CLAUDE_API_KEY: 'sk-test-key',
  VIGIL_PROMETHEUS_ENDPOINT: 'http://prometheus:9090',
};

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' });
};

function settingsOf(argv: string[], env: Record<string, string> = {}, readFile = noFile, onTerminal = false): Settings {
  const loaded = loadSettings(argv, { ...REQUIRED, ...env }, readFile, onTerminal);
  if (loaded.kind !== 'settings') throw new Error(`expected settings, got ${JSON.stringify(loaded)}`);
  return loaded.settings;
}

function faultsOf(argv: string[], env: Record<string, string | undefined> = {}, readFile = noFile): readonly string[] {
  const loaded = loadSettings(argv, { ...REQUIRED, ...env }, readFile);
  if (loaded.kind !== 'faults') throw new Error(`expected faults, got ${loaded.kind}`);
  return loaded.faults;
}

/** The contract's table: every flag that has a default, and the flags that have none. */
const DEFAULTS = {
  claudeModel: 'claude-sonnet-5-5',
  dataDir: './.vigil',
  allowEmbeddedDatabase: false,
  slackMessagesPerHour: 60,
  linkTtlDays: 30,
  httpAddress: '0.0.0.0',
  httpPort: 8080,
  adminAddress: '0.0.0.0',
  adminPort: 9000,
  maxBodyBytes: 16_777_216,
  maxConcurrentTriages: 8,
  maxToolCalls: 15,
  maxInputTokens: 200_000,
  maxOutputTokens: 50_000,
  triageDeadlineSeconds: 900,
  giveUpAfterHours: 24,
  llmTimeoutSeconds: 120,
  toolTimeoutSeconds: 30,
  retriageCooldownSeconds: 3600,
  leaseSeconds: 30,
  drainSeconds: 60,
  shutdownBudgetSeconds: 90,
  retentionDays: 90,
  trustedProxyHops: 0,
  logLevel: 'info',
  logFormat: 'json',
  enableTracing: false,
  otlpProtocol: 'http/protobuf',
  traceSample: 1,
  traceContent: false,
  enablePyroscope: false,
  swagger: true,
};
const WITHOUT_DEFAULT = [
  ...['api-token', 'claude-api-key', 'claude-base-url', 'prometheus-endpoint', 'prometheus-tenant-id'],
  ...['prometheus-bearer-token', 'prometheus-basic-auth', 'loki-endpoint', 'loki-tenant-id', 'loki-bearer-token'],
  ...['loki-basic-auth', 'alertmanager-endpoint', 'grafana-url', 'ca-file', 'database-url', 'database-listen-url'],
  ...['slack-webhook-url', 'public-url', 'max-cost-usd-per-day', 'otlp-endpoint', 'pyroscope-server'],
  'pyroscope-tenant',
];

describe('the table of settings', () => {
  it('is whole, with its defaults', () => {
    const { apiToken: _, claudeApiKey: __, prometheusEndpoint: ___, ...defaults } = settingsOf([]);
    expect(defaults).toEqual(DEFAULTS);
    const withoutDefault = SETTINGS.filter(({ options }) => options.default === undefined).map(({ flag }) => flag);
    expect(withoutDefault.sort()).toEqual([...WITHOUT_DEFAULT].sort());
  });
});

describe('the table of settings,', () => {
  it('where Prometheus is required, lets no program start without it (GV-65)', () => {
    expect(faultsOf([], { VIGIL_PROMETHEUS_ENDPOINT: '' })).toEqual([
      '--prometheus-endpoint (VIGIL_PROMETHEUS_ENDPOINT) is required: set VIGIL_PROMETHEUS_ENDPOINT.',
    ]);
    expect(SETTINGS.filter(({ options }) => options.required).map(({ flag }) => flag)).toEqual([
      'api-token',
      'claude-api-key',
      'prometheus-endpoint',
    ]);
  });

  it('names a default model without a date, whose price is known (GV-73)', () => {
    const { claudeModel } = settingsOf([]);
    expect(claudeModel).not.toMatch(/\d{8}|latest/);
    const oneToken = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    expect(costUsd(claudeModel, oneToken)).toBeGreaterThan(0);
  });

  it('lets every secret stand in a file, out of sight of who lists processes, and says so in the help (GV-61)', () => {
    const secrets = SETTINGS.filter(({ flag }) => /token$|key$|basic-auth$|webhook-url$|^database.*url$/.test(flag));
    expect(secrets.length).toBeGreaterThanOrEqual(9);
    for (const { flag, variable, field } of secrets) {
      const value = { 'database-url': 'postgres://f', 'database-listen-url': 'postgres://f' }[flag] ?? 'http://f:80/f';
      const settings = settingsOf([], { [variable]: '', [`${variable}_FILE`]: '/run/secret' }, () => value);
      expect([flag, settings[field as keyof Settings]]).toEqual([flag, value]);
    }
    expect(helpText()).toContain('A flag can be read by everyone on the');
  });
});

describe('where a setting comes from', () => {
  it('takes the default when nothing is given', () => {
    expect(settingsOf([])).toMatchObject({ httpPort: 8080, adminPort: 9000, maxToolCalls: 15, swagger: true });
    expect(settingsOf([]).databaseUrl).toBeUndefined();
  });

  it('takes the flag over the variable and the variable over the default', () => {
    expect(settingsOf([], { VIGIL_HTTP_PORT: '8081' }).httpPort).toBe(8081);
    expect(settingsOf(['--http-port=8082'], { VIGIL_HTTP_PORT: '8081' }).httpPort).toBe(8082);
  });

  it.each([[['--http-port', '1']], [['--http-port=1']], [['-http-port', '1']], [['-http-port=1']]])(
    'reads %j',
    (argv) => {
      expect(settingsOf(argv).httpPort).toBe(1);
    },
  );

  it.each([
    [['--swagger'], 'off', true],
    [['--swagger=false'], '', false],
    [['--no-swagger'], '', false],
    [['-no-swagger'], 'true', false],
    [[], 'No', false],
    [[], '0', false],
    [['--no-swagger', '--swagger'], '', true],
  ])('reads the switch %j over %j as %j', (argv, variable, expected) => {
    expect(settingsOf(argv, { VIGIL_SWAGGER: variable }).swagger).toBe(expected);
  });

  it('counts an empty value as none', () => {
    expect(settingsOf(['--loki-endpoint='], { VIGIL_SLACK_WEBHOOK_URL: '', VIGIL_HTTP_PORT: ' ' })).toMatchObject({
      httpPort: 8080,
    });
    expect(faultsOf([], { VIGIL_API_TOKEN: '' })).toEqual([
      '--api-token (VIGIL_API_TOKEN) is required: set VIGIL_API_TOKEN or VIGIL_API_TOKEN_FILE.',
    ]);
  });

  it('reads a secret from a file without the line break at its end', () => {
    const readFile = (path: string): string => (path === '/run/secrets/token' ? 'from-file\n' : '');
    const settings = settingsOf([], { VIGIL_API_TOKEN: '', VIGIL_API_TOKEN_FILE: '/run/secrets/token' }, readFile);
    expect(settings.apiToken).toBe('from-file');
  });

  it.each([
    ['0', 0],
    ['12', 12],
    ['0.25', 0.25],
  ])('reads %p dollars a day as %p', (text, dollars) => {
    expect(settingsOf([`--max-cost-usd-per-day=${text}`]).maxCostUsdPerDay).toBe(dollars);
  });

  it('logs prettily on a terminal unless it is told otherwise', () => {
    expect(settingsOf([]).logFormat).toBe('json');
    expect(settingsOf([], {}, noFile, true).logFormat).toBe('pretty');
    expect(settingsOf(['--log-format=json'], {}, noFile, true).logFormat).toBe('json');
  });

  it('leaves the variables that Kubernetes adds for a service called vigil alone', () => {
    const links = {
      VIGIL_SERVICE_HOST: '10.0.0.7',
      VIGIL_SERVICE_PORT_HTTP: '8080',
      VIGIL_PORT: 'tcp://10.0.0.7:8080',
      VIGIL_PORT_8080_TCP_ADDR: '10.0.0.7',
      VIGIL_HTTP_PORT: 'tcp://10.0.0.8:80',
    };
    expect(settingsOf([], links).httpPort).toBe(8080);
  });

  it('leaves VIGIL_TEST_ variables to the tests', () => {
    expect(settingsOf([], { VIGIL_TEST_ANYTHING: '1' }).httpPort).toBe(8080);
  });

  it.each(['--help', '-help', '-h'])('answers %s even when the rest is wrong', (flag) => {
    const loaded = loadSettings(['--nonsense', flag], {}, noFile);
    expect(loaded).toMatchObject({ kind: 'help', text: expect.stringContaining('--claude-api-key') });
  });

  it.each(['--version', '-version', '-v'])('answers %s even when the rest is missing', (flag) => {
    expect(loadSettings([flag], {}, noFile)).toEqual({ kind: 'version' });
  });
});

describe('faults', () => {
  it('reports every fault at once and by name', () => {
    const faults = faultsOf(['--http-prot=1', '--max-tool-calls=-1', '--claude-base-url=ftp://x', 'stray'], {
      VIGIL_API_TOKEN: undefined,
      VIGIL_LOG_LEVEL: 'loud',
      VIGIL_LEASE_SECOND: '5',
      VIGIL_SWAGGER: 'maybe',
      VIGIL_SLACK_WEBHOOK_URL_FILE: '/nowhere',
      VIGIL_DRAIN_SECONDS: '90',
    });
    expect(faults).toEqual([
      '--http-prot is not a flag of Vigil: did you mean --http-port?',
      'Argument 4 is no flag: write --name=value (a switch takes its value only as --name=true or --name=false).',
      'VIGIL_LEASE_SECOND is not a setting of Vigil: did you mean VIGIL_LEASE_SECONDS?',
      'VIGIL_SLACK_WEBHOOK_URL_FILE names a file that cannot be read (ENOENT): check the path /nowhere and its owner.',
      '--api-token (VIGIL_API_TOKEN) is required: set VIGIL_API_TOKEN or VIGIL_API_TOKEN_FILE.',
      '--claude-base-url (VIGIL_CLAUDE_BASE_URL) must be an http:// or https:// URL without user, password, query or fragment.',
      '--max-tool-calls (VIGIL_MAX_TOOL_CALLS) must be a whole number from 0 to 1000.',
      '--log-level (VIGIL_LOG_LEVEL) must be one of fatal, error, warn, info, debug, trace.',
      '--swagger (VIGIL_SWAGGER) must be true or false.',
      '--shutdown-budget-seconds (90) must be larger than --drain-seconds (90): the budget is the total.',
    ]);
  });

  it.each([
    [{ VIGIL_HTTP_PORT: '65536' }, 'VIGIL_HTTP_PORT'],
    [{ VIGIL_HTTP_PORT: '80.5' }, 'VIGIL_HTTP_PORT'],
    [{ VIGIL_HTTP_PORT: '0x50' }, 'VIGIL_HTTP_PORT'],
    [{ VIGIL_MAX_BODY_BYTES: '16MiB' }, 'VIGIL_MAX_BODY_BYTES'],
    [{ VIGIL_PROMETHEUS_ENDPOINT: 'prometheus:9090' }, 'VIGIL_PROMETHEUS_ENDPOINT'],
    [{ VIGIL_PROMETHEUS_ENDPOINT: 'http://user:pw@prometheus' }, 'VIGIL_PROMETHEUS_ENDPOINT'],
    [{ VIGIL_DATABASE_URL: 'mysql://db/vigil' }, 'VIGIL_DATABASE_URL'],
    [{ VIGIL_LOKI_BASIC_AUTH: 'no-colon' }, 'VIGIL_LOKI_BASIC_AUTH'],
    [{ VIGIL_API_TOKEN: 'two words' }, 'VIGIL_API_TOKEN'],
    [{ VIGIL_ADMIN_PORT: '8080' }, '--admin-port'],
    [{ VIGIL_PROMETHEUS_BEARER_TOKEN: 'a', VIGIL_PROMETHEUS_BASIC_AUTH: 'a:b' }, '--prometheus-basic-auth'],
    [{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'VIGIL_ALLOW_EMBEDDED_DATABASE'],
    [{ VIGIL_CLAUDE_API_KEY_FILE: '/x' }, 'VIGIL_CLAUDE_API_KEY and VIGIL_CLAUDE_API_KEY_FILE are both set'],
    [{ VIGIL_HTTP_PORT_FILE: '/x' }, 'VIGIL_HTTP_PORT_FILE'],
    [{ VIGIL_TRACE_SAMPLE: '1.5' }, 'VIGIL_TRACE_SAMPLE'],
    [{ VIGIL_MAX_COST_USD_PER_DAY: '$5' }, 'VIGIL_MAX_COST_USD_PER_DAY'],
    [{ VIGIL_MAX_COST_USD_PER_DAY: '1e3' }, 'VIGIL_MAX_COST_USD_PER_DAY'],
    [{ VIGIL_ENABLE_TRACING: 'true' }, 'VIGIL_OTLP_ENDPOINT'],
    [{ VIGIL_ENABLE_PYROSCOPE: 'true' }, 'VIGIL_PYROSCOPE_SERVER'],
    [{ VIGIL_OTLP_PROTOCOL: 'thrift' }, 'VIGIL_OTLP_PROTOCOL'],
  ])('refuses %j with one sentence that names it', (env: Record<string, string>, name) => {
    const faults = faultsOf([], env);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
  });

  it('accepts Kubernetes with a database or with leave to embed one', () => {
    const kubernetes = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(settingsOf([], { ...kubernetes, VIGIL_DATABASE_URL: 'postgresql://db/vigil' }).databaseUrl).toBe(
      'postgresql://db/vigil',
    );
    expect(settingsOf(['--allow-embedded-database'], kubernetes).allowEmbeddedDatabase).toBe(true);
  });

  it('says that a flag lacks its value when another flag follows', () => {
    expect(faultsOf(['--http-port', '--swagger'])).toEqual([
      '--http-port has no value: write --http-port=VALUE (so too if the value begins with a dash).',
    ]);
  });

  it('never repeats a value that may be a secret', () => {
    const secret = 'hunter2-hunter2';
    const faults = faultsOf(['--claude-api-kye', secret, `--api-tokn=${secret}`, secret, `--database-url=${secret}`], {
      VIGIL_SLACK_WEBHOOK_URL: secret,
      VIGIL_LOKI_BEARER_TOKEN: `${secret} ${secret}`,
      VIGIL_LOKI_BASIC_AUTH: secret,
      VIGIL_PROMETHEUS_ENDPOINT: `https://u:${secret}@prometheus`,
      VIGIL_SLACK_WEBHOOK: secret,
    });
    expect(faults.length).toBeGreaterThanOrEqual(8);
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  it('says when a secret file is empty', () => {
    expect(faultsOf([], { VIGIL_LOKI_BEARER_TOKEN_FILE: '/empty' }, () => '\n')).toEqual([
      'VIGIL_LOKI_BEARER_TOKEN_FILE names an empty file: write the secret into /empty.',
    ]);
  });
});
