import { BasicAuth, Decimal, HeaderText, HttpUrl, OneOf, PostgresUrl, WebhookUrl, WholeNumber } from './setting-checks';
import { registeredSettings, Setting } from './setting';

const DAY_SECONDS = 86_400;
/** setTimeout fires at once above 2^31 − 1 ms; every time below stays under it (milliseconds, Node's timers). */
const LONGEST_TIMER_SECONDS = 2_147_483;

/** The one table: every setting of the program with its default, its check and its help. */
export class Settings {
  @Setting({ help: 'The token that callers of the API send; it has all scopes', required: true, secret: true })
  @HeaderText()
  apiToken!: string;

  @Setting({ help: 'Key of the Claude API', required: true, secret: true })
  @HeaderText()
  claudeApiKey!: string;

  @Setting({ help: 'The model that investigates', default: 'claude-sonnet-5-5' })
  @HeaderText()
  claudeModel!: string;

  @Setting({ help: 'Where the Claude API is, for a gateway', defaultText: "Anthropic's" })
  @HttpUrl()
  claudeBaseUrl?: string;

  @Setting({ help: 'Prometheus; may have a path (Mimir: `…/prometheus`)', required: true })
  @HttpUrl()
  prometheusEndpoint!: string;

  @Setting({ help: 'Tenant that is asked, sent as `X-Scope-OrgID`' })
  @HeaderText()
  prometheusTenantId?: string;

  @Setting({ help: 'Bearer token for Prometheus', secret: true })
  @HeaderText()
  prometheusBearerToken?: string;

  @Setting({ help: '`user:password` for Prometheus', secret: true })
  @BasicAuth()
  prometheusBasicAuth?: string;

  @Setting({ help: 'Loki; without it the log tools are not offered to the model' })
  @HttpUrl()
  lokiEndpoint?: string;

  @Setting({ help: 'Tenant that is asked, sent as `X-Scope-OrgID`' })
  @HeaderText()
  lokiTenantId?: string;

  @Setting({ help: 'Bearer token for Loki', secret: true })
  @HeaderText()
  lokiBearerToken?: string;

  @Setting({ help: '`user:password` for Loki', secret: true })
  @BasicAuth()
  lokiBasicAuth?: string;

  @Setting({ help: 'Alertmanager, for the alerts beside this one; without it silences and inhibitions are not known' })
  @HttpUrl()
  alertmanagerEndpoint?: string;

  @Setting({
    help: 'Grafana; links beside the evidence open its Explore',
    defaultText: "Prometheus' graph page",
  })
  @HttpUrl()
  grafanaUrl?: string;

  @Setting({
    help: 'File with the certificates (PEM) of a private authority, trusted besides the public ones; not for Postgres, whose URL has its own `sslrootcert`',
  })
  caFile?: string;

  @Setting({
    help: 'PostgreSQL 15 or newer; without it an embedded one keeps its data in `data-dir`',
    defaultText: 'embedded',
    secret: true,
  })
  @PostgresUrl()
  databaseUrl?: string;

  @Setting({
    help: 'A direct connection for notifications, where `database-url` is a pooler',
    defaultText: '`database-url`',
    secret: true,
  })
  @PostgresUrl()
  databaseListenUrl?: string;

  @Setting({ help: 'Where the embedded database keeps its data; one process at a time', default: './.vigil' })
  dataDir!: string;

  @Setting({
    help: 'Use the embedded database in Kubernetes all the same: replicas would not share it',
    default: false,
  })
  allowEmbeddedDatabase!: boolean;

  @Setting({ help: 'Incoming webhook to which reports are posted; without it nothing is posted', secret: true })
  @WebhookUrl()
  slackWebhookUrl?: string;

  @Setting({ help: 'Messages to Slack in one hour; above it one digest stands for the rest', default: 60 })
  @WholeNumber(1, 3600)
  slackMessagesPerHour!: number;

  @Setting({
    help: 'Where people reach this service: the base of links',
    defaultText: '`http://localhost:<http-port>`',
  })
  @HttpUrl()
  publicUrl?: string;

  @Setting({ help: "Days for which a triage page's link opens", default: 30 })
  @WholeNumber(1, 3650)
  linkTtlDays!: number;

  @Setting({ help: 'Address of the API', default: '0.0.0.0' })
  @HeaderText()
  httpAddress!: string;

  @Setting({ help: 'Port of the API; 0 takes any free one', default: 8080 })
  @WholeNumber(0, 65_535)
  httpPort!: number;

  @Setting({ help: 'Address of the ops port: metrics and health, for the inside', default: '0.0.0.0' })
  @HeaderText()
  adminAddress!: string;

  @Setting({ help: 'The ops port; 0 takes any free one', default: 9000 })
  @WholeNumber(0, 65_535)
  adminPort!: number;

  @Setting({ help: 'The largest request body, in bytes; above it 413', default: 16_777_216 })
  @WholeNumber(1024, 1_073_741_824)
  maxBodyBytes!: number;

  @Setting({ help: 'Triages that one process runs at a time', default: 8 })
  @WholeNumber(1, 1000)
  maxConcurrentTriages!: number;

  @Setting({ help: 'Tool calls of one triage; 0 answers from the alert alone', default: 15 })
  @WholeNumber(0, 1000)
  maxToolCalls!: number;

  @Setting({ help: 'Input tokens of one triage, its conclusion included', default: 200_000 })
  @WholeNumber(1, 1_000_000_000)
  maxInputTokens!: number;

  @Setting({ help: 'Output tokens of one triage, its conclusion included', default: 50_000 })
  @WholeNumber(1, 1_000_000_000)
  maxOutputTokens!: number;

  @Setting({
    help: 'US dollars that all replicas together may spend on the model in one day (UTC); above it triages wait',
    kind: 'decimal',
  })
  @Decimal(0, 1_000_000)
  maxCostUsdPerDay?: number;

  @Setting({ help: 'Running time of one triage; waiting does not count', default: 900 })
  @WholeNumber(1, DAY_SECONDS)
  triageDeadlineSeconds!: number;

  @Setting({ help: 'Age at which a triage that could not be finished is given up, waiting included', default: 24 })
  @WholeNumber(1, 8760)
  giveUpAfterHours!: number;

  @Setting({ help: 'Time for one call of the model', default: 120 })
  @WholeNumber(1, 3600)
  llmTimeoutSeconds!: number;

  @Setting({ help: 'Time for one tool call', default: 30 })
  @WholeNumber(1, 3600)
  toolTimeoutSeconds!: number;

  @Setting({ help: 'How long another firing of an alert waits after a report', default: 3600 })
  @WholeNumber(0, LONGEST_TIMER_SECONDS)
  retriageCooldownSeconds!: number;

  @Setting({ help: "After this long a dead process' triage goes on elsewhere", default: 30 })
  @WholeNumber(1, 3600)
  leaseSeconds!: number;

  @Setting({ help: 'How long running triages may go on at shutdown', default: 60 })
  @WholeNumber(0, DAY_SECONDS)
  drainSeconds!: number;

  @Setting({ help: 'Total time of a shutdown; larger than `drain-seconds`', default: 90 })
  @WholeNumber(1, DAY_SECONDS)
  shutdownBudgetSeconds!: number;

  @Setting({ help: 'Days for which finished triages are kept', default: 90 })
  @WholeNumber(1, 3650)
  retentionDays!: number;

  @Setting({
    help: 'Proxies in front of the API, each of which adds to `X-Forwarded-For`; with 0 that header is ignored',
    default: 0,
  })
  @WholeNumber(0, 10)
  trustedProxyHops!: number;

  @Setting({ help: '`fatal`, `error`, `warn`, `info`, `debug` or `trace`', default: 'info' })
  @OneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace')
  logLevel!: string;

  @Setting({
    help: '`json` (one object a line) or `pretty`',
    default: 'json',
    defaultText: '`json`; `pretty` on a terminal',
  })
  @OneOf('json', 'pretty')
  logFormat!: 'json' | 'pretty';

  @Setting({ help: 'Send traces to `otlp-endpoint`', default: false })
  enableTracing!: boolean;

  @Setting({ help: 'Base URL of an OTLP receiver; `/v1/traces` is added' })
  @HttpUrl()
  otlpEndpoint?: string;

  @Setting({ help: '`http/protobuf` or `http/json`', default: 'http/protobuf' })
  @OneOf('http/protobuf', 'http/json')
  otlpProtocol!: 'http/protobuf' | 'http/json';

  @Setting({ help: 'Share of the traces that is recorded, from 0 to 1', default: 1, kind: 'decimal' })
  @Decimal(0, 1)
  traceSample!: number;

  @Setting({ help: 'Put prompts and results into span events, clipped', default: false })
  traceContent!: boolean;

  @Setting({ help: 'Send CPU and heap profiles to `pyroscope-server`', default: false })
  enablePyroscope!: boolean;

  @Setting({ help: 'Pyroscope' })
  @HttpUrl()
  pyroscopeServer?: string;

  @Setting({ help: 'Tenant of the profiles, sent as `X-Scope-OrgID`' })
  @HeaderText()
  pyroscopeTenant?: string;

  @Setting({ help: 'Serve the API description at `/docs` and `/docs-json`', default: true })
  swagger!: boolean;
}

/** The table in the order above. */
export const SETTINGS: readonly Setting[] = registeredSettings();
