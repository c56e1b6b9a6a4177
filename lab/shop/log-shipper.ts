/** As the shop's lines say it. */
export type LogLevel = 'info' | 'warn' | 'error';

/** Nanoseconds, the line, and what Loki keeps beside it (structured metadata). */
type PushedLine = [nanos: string, line: string, beside: Record<string, string>];

const FLUSH_EVERY_MS = 200;
/** Kept while Loki does not answer: older lines are lost then, and the service goes on. */
const MOST_KEPT = 5_000;
const PUSH_TIMEOUT_MS = 2_000;

/** Writes a service's JSON lines to Loki by its push API, in small batches. */
export class LogShipper {
  private readonly pushUrl: string;
  private readonly about: Readonly<{ service: string; version: string }>;
  private readonly waiting: { readonly level: LogLevel; readonly line: PushedLine }[] = [];
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();
  private lastNanos = 0n;

  constructor(pushUrl: string, about: { service: string; version: string }) {
    this.pushUrl = pushUrl;
    this.about = about;
    this.timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
  }

  log(level: LogLevel, msg: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const now = new Date();
    const line = JSON.stringify({ time: now.toISOString(), level, ...this.about, msg, ...fields });
    const beside = typeof fields.trace_id === 'string' ? { trace_id: fields.trace_id } : undefined;
    this.waiting.push({ level, line: [this.nanos(now), line, beside ?? {}] });
    if (this.waiting.length > MOST_KEPT) this.waiting.shift();
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** One push at a time: a slow Loki makes the batches larger, not more. */
  private flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.push());
    return this.flushing;
  }

  private async push(): Promise<void> {
    const batch = this.waiting.splice(0);
    if (batch.length === 0) return;
    const streams = (['info', 'warn', 'error'] as const)
      .map((level) => ({
        stream: { service: this.about.service, level },
        values: batch.filter((entry) => entry.level === level).map(({ line }) => line),
      }))
      .filter(({ values }) => values.length > 0);
    const taken = await fetch(this.pushUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams }),
      signal: AbortSignal.timeout(PUSH_TIMEOUT_MS),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (!taken) this.waiting.unshift(...batch);
  }

  /** Strictly growing: lines of one millisecond keep their order. */
  private nanos(now: Date): string {
    const time = BigInt(now.getTime()) * 1_000_000n;
    this.lastNanos = time > this.lastNanos ? time : this.lastNanos + 1n;
    return String(this.lastNanos);
  }
}
