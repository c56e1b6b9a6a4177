import { toolUses, type Triage } from './watched-lab';

/** From the opening message to the telling fact, at most; the report is no call. */
const MOST_CALLS = 6;

/** The way that a triage went: each call with the text that came back for it. */
export interface WalkTaken {
  readonly calls: readonly { readonly name: string; readonly input: object; readonly text: string }[];
  /** What the first call of this tool gave; fails when it was not called. */
  text(name: string): string;
}

/** Asserts that the way was short and no call of it failed, and tells it in one line on standard error. */
export function walkOf(triage: Triage): WalkTaken {
  const uses = toolUses(triage).filter(({ call }) => call.name !== 'submit_report');
  const calls = uses.map(({ call, result }) => ({
    name: call.name ?? '',
    input: call.input ?? {},
    text: result?.text ?? '',
  }));
  const characters = calls.reduce((sum, { text }) => sum + text.length, 0);
  const names = calls.map(({ name }) => name).join(', ');
  process.stderr.write(
    `${triage.alert_name}: ${calls.length} calls (${names}), ${characters} characters of results.\n`,
  );
  expect(calls.length).toBeLessThanOrEqual(MOST_CALLS);
  const states = uses.map(({ result }) => result?.status);
  expect(states.filter((status) => status !== 'ok' && status !== 'no_data')).toEqual([]);
  return {
    calls,
    text: (name) => {
      const found = calls.find((call) => call.name === name);
      if (!found) throw new Error(`${name} was not called, only ${names}`);
      return found.text;
    },
  };
}

/** A series of a range result: what it was, what it is, and every value of it. */
export interface CourseTold {
  readonly first: number;
  readonly last: number;
  readonly values: readonly string[];
}

/** The first series of the range result of a query that has this text in it. */
export function courseOf(walk: WalkTaken, query: string): CourseTold {
  const call = walk.calls.find(
    ({ name, input }) => name === 'query_metrics_range' && JSON.stringify(input).includes(query),
  );
  const [, first, last, values] =
    /^\{.*\} first=(\S+) last=(\S+) min=\S+ max=\S+ mean=\S+ \[([^\]]*)\]$/m.exec(call?.text ?? '') ?? [];
  if (values === undefined) throw new Error(`no series of ${query} in:\n${call?.text ?? 'no call'}`);
  return { first: Number(first), last: Number(last), values: values.split(' ') };
}
