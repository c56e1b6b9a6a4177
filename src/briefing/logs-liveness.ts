import type { Labels } from '../domain/alert';
import { durationInWords } from '../domain/in-words';
import { ALIVE, DEAD, NOT_KNOWN } from '../domain/sent-texts';
import type { LokiClient, LokiNames } from '../tools/loki/loki-client';
import { formatTime, type TimeRange } from '../tools/time-input';
import { notAnswered } from './backend-answers';
import { oneLine } from '../domain/one-line';
import type { BriefingSubject } from './section-source';
import { SERVICE_LABELS, withLabels } from '../tools/prometheus/selector';
import { isWide, targetLabels, type TargetLabels } from './target-labels';

/** So far back a line is looked for. */
const HOURS = 6;
/** A service that has said nothing for so long gives no evidence by its silence. */
const SILENT_MS = 10 * 60_000;
const MAX_NAMES = 12;

export const NO_LOG_SOURCE = `${NOT_KNOWN}logs: no log source is configured (loki-endpoint)`;

/** Lines on how old the newest log line is of what an alert is about. */
export async function logsLiveness(
  loki: LokiClient,
  { firing, now }: BriefingSubject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const target = targetLabels(firing.labels);
  if (!target.principal) return [`${NOT_KNOWN}logs: the alert has no label that names a service, a job or a pod`];
  const range = { start: new Date(now.getTime() - HOURS * 3_600_000), end: now };
  const known = namesOf(await loki.labels(range, signal));
  const streams = await streamsOf(loki, target, { known, range }, signal);
  const name = oneLine(target.principal.value, 80);
  if (!streams) return [notFound(name, known)];
  const selector = withLabels('', streams);
  const newest = await newestLine(loki, selector, range, signal);
  if (!newest) return [`${DEAD}logs of ${name}: no line in the last ${HOURS} h: ${selector}`];
  const ageMs = Math.max(0, now.getTime() - newest.getTime());
  return [
    ageMs > SILENT_MS
      ? `${DEAD}logs of ${name}: the last line is ${durationInWords(ageMs)} old (${formatTime(newest)}): ${selector}`
      : `${ALIVE}logs of ${name}: last line ${durationInWords(ageMs)} before now: ${selector}`,
  ];
}

/** The labels that select its streams: those of the alert whose values Loki knows, else its name under another label. */
async function streamsOf(
  loki: LokiClient,
  { all, principal }: TargetLabels,
  { known, range }: { readonly known: readonly string[]; readonly range: TimeRange },
  signal: AbortSignal,
): Promise<Labels | undefined> {
  const own = Object.entries(all).filter(([name]) => known.includes(name));
  const others = SERVICE_LABELS.filter((name) => known.includes(name) && !(name in all));
  const asked = [...own, ...others.map((name) => [name, principal!.value] as const)];
  const has = await Promise.all(
    asked.map(async ([name, value]) => namesOf(await loki.labelValues(name, range, signal)).includes(value)),
  );
  const found = asked.filter((_, i) => has[i]);
  const ofOwn = found.filter(([name]) => name in all);
  const isNamed = ofOwn.some(([, value]) => value === principal!.value);
  const byOther = found.find(([name]) => !(name in all));
  if (!isNamed && byOther) return Object.fromEntries([byOther, ...ofOwn.filter(([name]) => isWide(name))]);
  return ofOwn.some(([name]) => !isWide(name)) ? Object.fromEntries(ofOwn) : undefined;
}

async function newestLine(
  loki: LokiClient,
  query: string,
  range: TimeRange,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const answer = await loki.queryRange({ query, ...range, limit: 1, stepSeconds: 60 }, signal);
  if (answer.kind === 'failed') throw notAnswered(answer.reason);
  const { result } = answer;
  const newest = result.type === 'lines' ? result.entries.at(-1) : undefined;
  return newest && new Date(Number(newest.nanos / 1_000_000n));
}

function notFound(name: string, known: readonly string[]): string {
  const shown = known.slice(0, MAX_NAMES).join(', ');
  const more = known.length > MAX_NAMES ? ` and ${known.length - MAX_NAMES} more` : '';
  const labels =
    known.length > 0 ? `its streams have the labels ${oneLine(shown, 300)}${more}` : 'it has no streams at all';
  return `${NOT_KNOWN}logs: in the last ${HOURS} h no stream of Loki is known by a label of the alert, nor by the name ${name}; ${labels}`;
}

/** @throws Unavailable with the reason why there are none */
function namesOf(answer: LokiNames): readonly string[] {
  if (answer.kind === 'failed') throw notAnswered(answer.reason);
  return answer.names;
}
