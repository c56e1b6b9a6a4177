import 'reflect-metadata';
import { validateSync } from 'class-validator';
import { helpText } from './help';
import { type Outgoing, readOutgoing } from './outgoing';
import { readArguments } from './read-arguments';
import { type Environment, type ReadFile, readEnvironment } from './read-environment';
import type { Setting } from './setting';
import { SETTINGS, Settings } from './settings';

export type Loaded =
  | { readonly kind: 'settings'; readonly settings: Settings; readonly outgoing: Outgoing }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  /** Everything that is wrong, one sentence each. None holds a value that may be secret. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/**
 * Flag over environment over default. Reports every fault at once, so that a first set-up is corrected once.
 * @param argv without the program's own two
 * @param onTerminal a person reads the log as it is written
 */
export function loadSettings(
  argv: readonly string[],
  env: Environment,
  readFile: ReadFile,
  onTerminal = false,
): Loaded {
  const args = readArguments(argv, SETTINGS);
  if (args.kind === 'help') return { kind: 'help', text: helpText() };
  if (args.kind === 'version') return { kind: 'version' };
  const variables = readEnvironment(env, readFile, SETTINGS);

  const faults = [...args.given.faults, ...variables.faults];
  const values: Record<string, string | number | boolean> = {};
  for (const setting of SETTINGS) {
    // An empty value counts as none, so that a deployment can leave a variable blank.
    const given = args.given.values.get(setting.field) || variables.values.get(setting.field);
    const value = given === undefined ? defaultOf(setting, onTerminal) : converted(setting, given.trim());
    if (value !== undefined) values[setting.field] = value;
  }

  const settings = Object.assign(new Settings(), values);
  const broken = new Set([...args.given.broken, ...variables.broken]);
  const { outgoing, faults: outgoingFaults } = readOutgoing(settings.caFile, env, readFile);
  faults.push(...missing(settings, broken), ...invalid(settings), ...contradictions(settings, env, broken));
  faults.push(...outgoingFaults);
  return faults.length > 0 ? { kind: 'faults', faults } : { kind: 'settings', settings, outgoing };
}

function defaultOf(setting: Setting, onTerminal: boolean): string | number | boolean | undefined {
  return setting.field === 'logFormat' && onTerminal ? 'pretty' : setting.options.default;
}

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  yes: true,
  no: false,
  on: true,
  off: false,
};

/** What cannot be converted stays text, which the setting's check then refuses. */
function converted(setting: Setting, text: string): string | number | boolean | undefined {
  if (text === '') return setting.options.default;
  if (setting.kind === 'number') return /^\d{1,15}$/.test(text) ? Number(text) : text;
  if (setting.kind === 'decimal') return /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : text;
  if (setting.kind === 'switch') return SWITCH_WORDS[text.toLowerCase()] ?? text;
  return text;
}

function missing(settings: Settings, broken: ReadonlySet<string>): string[] {
  return SETTINGS.filter(
    ({ field, options }) => options.required && !broken.has(field) && valueOf(settings, field) === undefined,
  ).map((setting) => {
    const file = setting.options.secret ? ` or ${setting.variable}_FILE` : '';
    return `${named(setting)} is required: set ${setting.variable}${file}.`;
  });
}

function invalid(settings: Settings): string[] {
  const checked = new Map(
    validateSync(settings, { skipMissingProperties: true, forbidUnknownValues: false }).map((error) => [
      error.property,
      Object.values(error.constraints ?? {})[0],
    ]),
  );
  return SETTINGS.flatMap((setting) => {
    if (setting.kind === 'switch' && typeof valueOf(settings, setting.field) !== 'boolean') {
      return [`${named(setting)} must be true or false.`];
    }
    const complaint = checked.get(setting.field);
    return complaint ? [`${named(setting)} ${complaint}.`] : [];
  });
}

/** What no setting can see alone. */
function contradictions(s: Settings, env: Environment, broken: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (s.shutdownBudgetSeconds <= s.drainSeconds) {
    faults.push(
      `--shutdown-budget-seconds (${s.shutdownBudgetSeconds}) must be larger than --drain-seconds (${s.drainSeconds}): the budget is the total.`,
    );
  }
  if (s.httpPort === s.adminPort && s.httpPort !== 0) {
    faults.push(`--http-port and --admin-port are both ${s.httpPort}: choose two different ports.`);
  }
  if (s.prometheusBearerToken && s.prometheusBasicAuth) {
    faults.push('--prometheus-bearer-token and --prometheus-basic-auth are both set: remove one of them.');
  }
  if (s.lokiBearerToken && s.lokiBasicAuth) {
    faults.push('--loki-bearer-token and --loki-basic-auth are both set: remove one of them.');
  }
  if (s.enableTracing === true && !s.otlpEndpoint) {
    faults.push('--enable-tracing needs --otlp-endpoint (VIGIL_OTLP_ENDPOINT): set the address of an OTLP receiver.');
  }
  if (s.enablePyroscope === true && !s.pyroscopeServer) {
    faults.push('--enable-pyroscope needs --pyroscope-server (VIGIL_PYROSCOPE_SERVER): set the address of Pyroscope.');
  }
  const noDatabase = !s.databaseUrl && !broken.has('databaseUrl');
  if (env['KUBERNETES_SERVICE_HOST'] && noDatabase && s.allowEmbeddedDatabase !== true) {
    faults.push(
      '--database-url is required in Kubernetes, where replicas would not share the embedded database: set VIGIL_DATABASE_URL, or VIGIL_ALLOW_EMBEDDED_DATABASE=true for a single replica with a volume of its own.',
    );
  }
  return faults;
}

function valueOf(settings: Settings, field: string): unknown {
  return settings[field as keyof Settings];
}

function named({ flag, variable }: Setting): string {
  return `--${flag} (${variable})`;
}
