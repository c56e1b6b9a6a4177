import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FAULTS = Array.from({ length: 74 }, (_, i) => `F${i + 1}`);
const page = readFileSync(join(ROOT, 'docs/promises.md'), 'utf8');

/** Names of faults in brackets, as titles have them: `(F4)`, `(GV-02, F11)`. */
const NAMED = /\(((?:GV-\d+|F\d+)(?:, (?:GV-\d+|F\d+))*)\)/g;

/** Which faults each file of tests names. */
const named = new Map(
  globSync(['test/**/*.ts', 'src/**/*.spec.ts'], { cwd: ROOT }).map((file) => [file, faultsIn(file)] as const),
);

function faultsIn(file: string): ReadonlySet<string> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return new Set([...text.matchAll(NAMED)].flatMap(([, names]) => names!.split(', ').filter((n) => n.startsWith('F'))));
}

interface Row {
  readonly fault: string;
  readonly happens: string;
  readonly shownBy: string;
}

const rows = [...page.matchAll(/^\| (F\d+) [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, fault, happens, shownBy]): Row => ({ fault: fault!, happens: happens!, shownBy: shownBy! }),
);
const filesOf = ({ shownBy }: Row): string[] => [...shownBy.matchAll(/`([^`]+\.ts)`/g)].map(([, file]) => file!);

/** What the page says and no test shows. */
const AWAITED: readonly string[] = [
  'F3: test/e2e/kill-points.spec.ts',
  'F5: test/e2e/kill-points.spec.ts',
  'F6: test/e2e/kill-points.spec.ts',
  'F7: test/e2e/kill-points.spec.ts',
  'F8: test/e2e/kill-points.spec.ts',
  'F9: test/e2e/kill-points.spec.ts',
  'F10: test/chaos/chaos.spec.ts',
  'F11: test/faults/strikes.spec.ts',
  'F11: test/e2e/outages.spec.ts',
  'F11: src/triage/attempt-runner.spec.ts',
  'F12: test/e2e/stopped.spec.ts',
  'F12: test/notification/notification-dispatcher.spec.ts',
  'F14: test/e2e/database-interrupts.spec.ts',
  'F14: test/faults/database-outages.spec.ts',
  'F15: test/faults/database-outages.spec.ts',
  'F16: test/faults/database-outages.spec.ts',
  'F17: test/e2e/database-interrupts.spec.ts',
  'F18: test/e2e/outages.spec.ts',
  'F19: test/db/triage-queue.spec.ts',
  'F20: test/e2e/database-interrupts.spec.ts',
  'F21: test/e2e/database-interrupts.spec.ts',
  'F25: test/llm/retrying-model.spec.ts',
  'F26: test/faults/model-away.spec.ts',
  'F26: test/db/model-outage.spec.ts',
  'F28: test/e2e/begun-again.spec.ts',
  'F28: src/triage/attempt-runner.spec.ts',
  'F33: test/e2e/endings-table.ts',
  'F34: test/e2e/endings-table.ts',
  'F35: test/e2e/endings-table.ts',
  'F36: test/e2e/endings-table.ts',
  'F37: test/e2e/endings-table.ts',
  'F47: test/faults/slack-away.spec.ts',
  'F51: test/faults/flood.spec.ts',
  'F59: test/faults/ends.spec.ts',
  'F60: test/faults/ends.spec.ts',
  'F65: test/db/killed-migrations.spec.ts',
  'F70: test/faults/ends.spec.ts',
  'F72: test/llm/model-failures.spec.ts',
  'F72: test/e2e/outgoing-connections.spec.ts',
  '`test/faults/database-outages.spec.ts`: is killed under load, again and again, has every alert that was acknowledged',
  '`test/chaos/chaos.spec.ts`: lose nothing, pay for nothing twice, and say everything once',
  '`test/e2e/kill-points.spec.ts`: after the claim and before the first call: the first call is the other’s, and the only one',
  '`test/e2e/kill-points.spec.ts`: between an answer and its commit: that one call is repeated',
  '`test/e2e/kill-points.spec.ts`: between the commit of an answer and its tools: no call is repeated',
  '`test/e2e/kill-points.spec.ts`: with two of four results stored: the other two are fetched',
  '`test/e2e/outages.spec.ts`: is kept while the disk is full, and not asked for again',
  '`test/e2e/stopped.spec.ts`: writes nothing more, posts nothing more, and is not taken for dead',
  '`test/e2e/kill-points.spec.ts`: between the commit of an end and its post: it is posted once',
  '`test/e2e/kill-points.spec.ts`: between Slack’s ok and its commit: once more, no more than that',
  '`test/notification/notification-dispatcher.spec.ts`: does not post what it claimed before it was stopped for long',
  '`test/faults/strikes.spec.ts`: ends as an error at its third crash and says so',
  '`test/faults/ends.spec.ts`: while the database is away ends the process all the same, and a peer goes on',
  '`test/db/killed-migrations.spec.ts`: leave the schema as it was where the process is killed in their middle',
];

describe('docs/promises.md', () => {
  it('has a row for each fault, in their order, and each says what happens', () => {
    expect(rows.map(({ fault }) => fault)).toEqual(FAULTS);
    expect(rows.filter(({ happens }) => happens.trim() === '')).toEqual([]);
  });

  it('names for each fault a test that has its number in a title, or the reason why there is none', () => {
    const missing = rows.flatMap((row) => {
      const files = filesOf(row);
      if (files.length === 0)
        return row.shownBy.startsWith('no test: ') ? [] : [`${row.fault}: neither test nor reason`];
      return files.filter((file) => !named.get(file)?.has(row.fault)).map((file) => `${row.fault}: ${file}`);
    });
    const promised = [...page.matchAll(/^- `([^`]+\.ts)`: (.+)$/gm)];
    const unheld = promised
      .filter(
        ([, file, title]) =>
          !existsSync(join(ROOT, file!)) || !readFileSync(join(ROOT, file!), 'utf8').includes(title!),
      )
      .map(([line]) => line.slice(2));
    expect([...missing, ...unheld]).toEqual(AWAITED);
  });

  it('has tests for each promise, and says for each what is not promised', () => {
    const sections = page.split('\n## ')[1]!.split('\n### ').slice(1);
    expect(sections.map((section) => section.slice(0, 2))).toEqual(Array.from({ length: 9 }, (_, i) => `P${i + 1}`));
    for (const section of sections) expect(section).toMatch(/^- `[^]*Not promised:/m);
  });

  it('knows every fault that a title names', () => {
    const known = new Set(FAULTS);
    const unknown = [...named].flatMap(([file, faults]) =>
      [...faults].filter((fault) => !known.has(fault)).map((fault) => `${fault}: ${file}`),
    );
    expect(unknown).toEqual([]);
  });
});
