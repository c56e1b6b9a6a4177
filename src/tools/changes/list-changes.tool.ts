import { z } from 'zod';
import { CHANGE_KINDS } from '../../domain/change';
import type { ChangeQuestion, ChangeSearch } from '../ports/change-search';
import { CEILINGS } from '../result-room';
import { formatTime, parseTime, type RangeReading, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { foundText, type Question } from './found-text';
import { firstDeploys, lastAndNext } from './around-changes';

/** Before the alert's start: what breaks a service was rarely changed longer ago. */
const BEFORE_START_MS = 6 * 3_600_000;
const MAX_CHANGES = 100;
const DEFAULT_CHANGES = 50;

const input = z.strictObject({
  service: z.string().max(200).nullish().describe('Changes of this service, and all without a service.'),
  start: z.string().nullish().describe(`${TIME_FORMS}. Default six hours before the alert's start.`),
  end: z.string().nullish().describe('In the same forms. Default now.'),
  kind: z.enum(CHANGE_KINDS).nullish(),
  revision: z.string().max(200).nullish().describe('Of any time: a hash (7 digits or more), a tag.'),
  limit: z.int().min(1).max(MAX_CHANGES).nullish().describe(`The nearest to the start. Default ${DEFAULT_CHANGES}.`),
});

const DESCRIPTION = `Lists what was changed: deploys, commits, flags, configuration, incidents outside, each with how long before or after the alert's start it came. Most faults follow a change, often one of another service or of shared code.

Use it when the opening message left changes or their diffs out, to look further back, and to read what a suspected revision really changed.

Examples
- all since six hours before the start: {}
- of one service: {"service":"checkout"}; changes without a service (shared code, outside) always come too
- a whole day: {"start":"-24h","kind":"deploy"}
- one commit with its diff, what deploys it, or the first deploys after it: {"revision":"9f3c2e1"}

Comes back: one line a change, by time, the newest first, with names, revision and author; below it its files and its diff, whole when small, each line behind "    | ". When there are many, those nearest to the start come with their details, the others are counted; read_result gives the rest of a cut diff. "Found nothing" is evidence only below a line "alive: changes are recorded here"; "dead:" means that nobody tells of changes. A change that came before the start is a suspect, not a cause: find what its diff breaks in logs or metrics.`;

/** `list_changes`: what was changed around the start of the alert, or under a revision. */
export function listChangesTool(changes: ChangeSearch): Tool<typeof input> {
  return {
    name: 'list_changes',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.changes,
    async run(given, context: ToolContext): Promise<ToolFinding> {
      const { startsAt, now, roomChars } = context;
      const asked = readAsked(given, context);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      const { question } = asked;
      const limit = given.limit ?? DEFAULT_CHANGES;
      const [found, records] = await Promise.all([
        changes.nearest(searchOf(question), startsAt, limit),
        changes.records(now),
      ]);
      const outside =
        question.revision !== undefined
          ? await firstDeploys(changes, found.changes)
          : found.total === 0
            ? await lastAndNext(changes, searchOf(question))
            : {};
      return foundText({ question, found, records, outside, limit }, { startsAt, roomChars });
    },
  };
}

type Given = z.output<typeof input>;
type Asked = { readonly kind: 'asked'; readonly question: Question } | { readonly kind: 'refused'; reason: string };

function readAsked(given: Given, context: ToolContext): Asked {
  const service = given.service?.trim() || undefined;
  const revision = given.revision?.trim() || undefined;
  const names = { service, revision, kind: given.kind ?? undefined };
  /* a revision is looked for at all times: its commit may be days older than its deploy */
  if (revision !== undefined && !given.start && !given.end) return { kind: 'asked', question: names };
  const range = readRange(given, context);
  if (range.kind === 'refused') return range;
  return { kind: 'asked', question: { ...names, start: range.start, end: range.end } };
}

function readRange({ start, end }: Given, { startsAt, now }: ToolContext): RangeReading {
  const upTo = parseTime('end', end || 'now', now);
  if (upTo.kind === 'refused') return upTo;
  const usual = new Date(startsAt.getTime() - BEFORE_START_MS);
  const beforeEnd = new Date(upTo.at.getTime() - BEFORE_START_MS);
  const from = start
    ? parseTime('start', start, now)
    : { kind: 'time' as const, at: usual < upTo.at ? usual : beforeEnd };
  if (from.kind === 'refused') return from;
  if (from.at < upTo.at) return { kind: 'range', start: from.at, end: upTo.at };
  const order = `end (${formatTime(upTo.at)}) does not lie after start (${formatTime(from.at)})`;
  return { kind: 'refused', reason: `${order}. Nothing was asked: mend them, or leave them out.` };
}

/** Both ends of the range belong to it, to the millisecond. */
function searchOf({ service, kind, revision, start, end }: Question): ChangeQuestion {
  return { service, kind, revision, since: start, until: end && new Date(end.getTime() + 1) };
}
