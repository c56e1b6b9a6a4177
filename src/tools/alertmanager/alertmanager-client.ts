import type { BackendTarget } from '../../config/slices';
import type { Labels } from '../../domain/alert';
import { BackendClient, errorText, type BackendAnswer } from '../backend-client';
import { isObject } from '../metric-result';

/** An alert as Alertmanager holds it now. */
export interface HeldAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** RFC 3339, as it came. */
  readonly startsAt: string;
  /** Ids of the silences that mute it. */
  readonly silencedBy: readonly string[];
  /** Fingerprints of the alerts that inhibit it. */
  readonly inhibitedBy: readonly string[];
}

/** Why a person muted alerts. */
export interface Silence {
  readonly id: string;
  readonly comment: string;
  readonly createdBy: string;
  readonly endsAt: string;
}

export type AlertsAnswer =
  | {
      readonly kind: 'alerts';
      readonly alerts: readonly HeldAlert[];
      readonly silences: readonly Silence[];
      /** The answer as it came. */
      readonly full: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Alertmanager's API, version 2 (0.25 and later). */
export class AlertmanagerClient {
  private readonly backend: BackendClient;

  constructor(target: BackendTarget) {
    this.backend = new BackendClient('Alertmanager', target);
  }

  /** @param matchers each one matcher in Alertmanager's words: `service="orders"` */
  async alerts(matchers: readonly string[], signal: AbortSignal): Promise<AlertsAnswer> {
    const filter = new URLSearchParams(matchers.map((matcher): [string, string] => ['filter', matcher]));
    const answer = await this.backend.get('/api/v2/alerts', filter, signal);
    const read = list(answer, readAlert);
    if (typeof read === 'string') return { kind: 'failed', reason: read };
    const full = answer.kind === 'json' ? answer.text : '';
    const silenced = read.some(({ silencedBy }) => silencedBy.length > 0);
    return { kind: 'alerts', alerts: read, silences: silenced ? await this.silences(signal) : [], full };
  }

  /** A silence that cannot be read is shown by its id: the alerts are what was asked for. */
  private async silences(signal: AbortSignal): Promise<readonly Silence[]> {
    const read = list(await this.backend.get('/api/v2/silences', new URLSearchParams(), signal), readSilence);
    return typeof read === 'string' ? [] : read;
  }
}

/** @returns the items, or the reason why there are none */
function list<Item>(answer: BackendAnswer, readItem: (raw: unknown) => Item | undefined): readonly Item[] | string {
  if (answer.kind === 'failed') return answer.reason;
  if (answer.kind === 'text') return `Alertmanager answered ${answer.status}: ${errorText(answer.text)}`;
  const { status, body } = answer;
  if (status !== 200 || !Array.isArray(body)) return `Alertmanager answered ${status}: ${errorText(complaint(body))}`;
  const items = body.map(readItem);
  return items.includes(undefined)
    ? 'Alertmanager answered in a form that is not known.'
    : items.flatMap((item) => item ?? []);
}

/** A string for a bad matcher, an object for an unknown path. */
function complaint(body: unknown): string {
  if (typeof body === 'string') return body;
  return isObject(body) && typeof body.message === 'string' ? body.message : 'in a form that is not known';
}

function readAlert(raw: unknown): HeldAlert | undefined {
  if (!isObject(raw) || !isObject(raw.status) || typeof raw.startsAt !== 'string') return undefined;
  const labels = strings(raw.labels);
  if (!labels) return undefined;
  return {
    fingerprint: String(raw.fingerprint),
    labels,
    annotations: strings(raw.annotations) ?? {},
    startsAt: raw.startsAt,
    silencedBy: texts(raw.status.silencedBy),
    inhibitedBy: texts(raw.status.inhibitedBy),
  };
}

function readSilence(raw: unknown): Silence | undefined {
  if (!isObject(raw)) return undefined;
  const { id, comment, createdBy, endsAt } = raw;
  return { id: String(id), comment: String(comment), createdBy: String(createdBy), endsAt: String(endsAt) };
}

function strings(raw: unknown): Labels | undefined {
  if (!isObject(raw)) return undefined;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)]));
}

function texts(raw: unknown): readonly string[] {
  return Array.isArray(raw) ? raw.map(String) : [];
}
