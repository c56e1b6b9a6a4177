import type { Settings } from './settings';

/** One HTTP backend that tools read: where it is and how to be let in. */
export interface BackendTarget {
  /** Base URL, may have a path; without a trailing slash. */
  readonly endpoint: string;
  /** Sent as X-Scope-OrgID. */
  readonly tenantId?: string;
  readonly bearerToken?: string;
  /** `user:password`. */
  readonly basicAuth?: string;
}

/** Who may call and how the API is reached. */
export class ApiConfig {
  readonly apiToken: string;
  readonly httpAddress: string;
  readonly httpPort: number;
  readonly maxBodyBytes: number;
  readonly publicUrl?: string;
  readonly linkTtlDays: number;
  readonly swagger: boolean;
  readonly trustedProxyHops: number;
  constructor(s: Settings) {
    this.apiToken = s.apiToken;
    this.httpAddress = s.httpAddress;
    this.httpPort = s.httpPort;
    this.maxBodyBytes = s.maxBodyBytes;
    this.publicUrl = withoutEndSlash(s.publicUrl);
    this.linkTtlDays = s.linkTtlDays;
    this.swagger = s.swagger;
    this.trustedProxyHops = s.trustedProxyHops;
  }
}

/** The listener for the inside. */
export class OpsConfig {
  readonly adminAddress: string;
  readonly adminPort: number;
  constructor(s: Settings) {
    this.adminAddress = s.adminAddress;
    this.adminPort = s.adminPort;
  }
}

/** Which model is asked, and how. */
export class ModelConfig {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl?: string;
  readonly timeoutMs: number;
  /** What is said goes into span events. */
  readonly traceContent?: boolean;
  constructor(s: Settings) {
    this.apiKey = s.claudeApiKey;
    this.model = s.claudeModel;
    this.baseUrl = s.claudeBaseUrl;
    this.timeoutMs = s.llmTimeoutSeconds * 1000;
    this.traceContent = s.traceContent;
  }
}

/** What the tools read, and how long one call may take. */
export class ToolConfig {
  readonly prometheus: BackendTarget;
  /** Absent: the log tools are not offered. */
  readonly loki?: BackendTarget;
  /** Absent: `list_alerts` is not offered. */
  readonly alertmanager?: BackendTarget;
  readonly timeoutMs: number;
  /** Inputs and results go into span events. */
  readonly traceContent?: boolean;
  constructor(s: Settings) {
    this.prometheus = {
      endpoint: withoutEndSlash(s.prometheusEndpoint),
      tenantId: s.prometheusTenantId,
      bearerToken: s.prometheusBearerToken,
      basicAuth: s.prometheusBasicAuth,
    };
    if (s.lokiEndpoint) {
      this.loki = {
        endpoint: withoutEndSlash(s.lokiEndpoint),
        tenantId: s.lokiTenantId,
        bearerToken: s.lokiBearerToken,
        basicAuth: s.lokiBasicAuth,
      };
    }
    if (s.alertmanagerEndpoint) this.alertmanager = { endpoint: withoutEndSlash(s.alertmanagerEndpoint) };
    this.timeoutMs = s.toolTimeoutSeconds * 1000;
    this.traceContent = s.traceContent;
  }
}

/** What the model may cost. */
export class MoneyConfig {
  /** US dollars in one UTC day, over all replicas. Absent: no limit. */
  readonly perDayUsd?: number;
  constructor(s: Settings) {
    this.perDayUsd = s.maxCostUsdPerDay;
  }
}

/** How long what is finished is kept. */
export class RetentionConfig {
  readonly days: number;
  constructor(s: Settings) {
    this.days = s.retentionDays;
  }
}

/** Where people look at the data behind a report. */
export class ViewerConfig {
  /** Without a trailing slash. */
  readonly prometheusUrl: string;
  readonly grafanaUrl?: string;
  constructor(s: Settings) {
    this.prometheusUrl = withoutEndSlash(s.prometheusEndpoint);
    this.grafanaUrl = withoutEndSlash(s.grafanaUrl);
  }
}

/** Where the state is kept. */
export class DatabaseConfig {
  /** The setting's, or that of the embedded Postgres once it runs. */
  readonly url?: string;
  /** A direct connection for LISTEN where `url` is a pooler. */
  readonly listenUrl?: string;
  constructor(s: Settings) {
    this.url = s.databaseUrl;
    this.listenUrl = s.databaseListenUrl;
  }
}

/** Where reports are posted. */
export class SlackConfig {
  /** A secret as a whole: whoever has it can post. Absent: nothing is posted. */
  readonly webhookUrl?: string;
  readonly messagesPerHour: number;
  constructor(s: Settings) {
    this.webhookUrl = s.slackWebhookUrl;
    this.messagesPerHour = s.slackMessagesPerHour;
  }
}

/** What one triage and one process may use up. */
export class TriageConfig {
  readonly maxConcurrent: number;
  readonly maxToolCalls: number;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
  readonly deadlineMs: number;
  readonly giveUpAfterMs: number;
  readonly retriageCooldownMs: number;
  readonly leaseMs: number;
  constructor(s: Settings) {
    this.maxConcurrent = s.maxConcurrentTriages;
    this.maxToolCalls = s.maxToolCalls;
    this.maxInputTokens = s.maxInputTokens;
    this.maxOutputTokens = s.maxOutputTokens;
    this.deadlineMs = s.triageDeadlineSeconds * 1000;
    this.giveUpAfterMs = s.giveUpAfterHours * 3_600_000;
    this.retriageCooldownMs = s.retriageCooldownSeconds * 1000;
    this.leaseMs = s.leaseSeconds * 1000;
  }
}

/** How long an end may take. */
export class ShutdownConfig {
  readonly drainMs: number;
  readonly budgetMs: number;
  /** What is left of the budget when the drain has taken all its time. */
  readonly afterDrainMs: number;
  constructor(s: Settings) {
    this.drainMs = s.drainSeconds * 1000;
    this.budgetMs = s.shutdownBudgetSeconds * 1000;
    this.afterDrainMs = this.budgetMs - this.drainMs;
  }
}

export class LogConfig {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  constructor(s: Settings) {
    this.level = s.logLevel;
    this.format = s.logFormat;
  }
}

/** Where spans go. */
export class TracingConfig {
  /** Base URL without a trailing slash. Absent: nothing is traced. */
  readonly endpoint?: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Share of the traces, 0 to 1. */
  readonly sample: number;
  constructor(s: Settings) {
    this.endpoint = s.enableTracing ? withoutEndSlash(s.otlpEndpoint) : undefined;
    this.protocol = s.otlpProtocol;
    this.sample = s.traceSample;
  }
}

/** Where profiles go. */
export class ProfilingConfig {
  /** Base URL without a trailing slash. Absent: nothing is profiled. */
  readonly server?: string;
  readonly tenant?: string;
  constructor(s: Settings) {
    this.server = s.enablePyroscope ? withoutEndSlash(s.pyroscopeServer) : undefined;
    this.tenant = s.pyroscopeTenant;
  }
}

/** Of a base URL: a path is put behind it. */
function withoutEndSlash<Url extends string | undefined>(url: Url): Url {
  return url?.replace(/\/+$/, '') as Url;
}
