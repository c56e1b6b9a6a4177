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
    expect([...missing, ...unheld]).toEqual([]);
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
