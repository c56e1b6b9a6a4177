import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDemo } from '../../demo/demo.ts';
import { bundledPlan, type IncidentPlan } from '../../demo/incident-plan.ts';
import { incident } from '../../demo/incident.ts';
import type { SeenTriage } from '../../demo/triage-progress.ts';
import { COMPILED } from './vigil-process';

const ROOT = join(__dirname, '..', '..');

interface Shown {
  readonly triage: SeenTriage;
  readonly printed: string;
  /** The page behind the link. */
  readonly page: string;
}

/** The whole demo with another incident: the service as a process, its own database, all by HTTP. */
async function demo(change: (plan: IncidentPlan) => Partial<IncidentPlan> = () => ({})): Promise<Shown> {
  const plan = bundledPlan(new Date());
  const printed: string[] = [];
  let shown: Omit<Shown, 'printed'> | undefined;
  await runDemo({
    incident: incident({ ...plan, ...change(plan) }),
    program: join(ROOT, 'dist', 'main.js'),
    print: (line) => printed.push(line),
    until: async (triage) => {
      const response = await fetch(triage.link!);
      expect(response.status).toBe(200);
      shown = { triage, page: await response.text() };
    },
    signal: AbortSignal.timeout(60_000),
  });
  return { ...shown!, printed: printed.join('\n') };
}

describe('npm run demo', () => {
  jest.setTimeout(90_000);
  const usual = process.env.TMPDIR;
  let temporary: string;
  /** The incident as it is bundled; three tests look at one run of it. */
  let bundled: Shown;
  let leftBehind: readonly string[];

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'vigil-test-'));
    process.env.TMPDIR = temporary;
    bundled = await demo();
    leftBehind = readdirSync(temporary);
  });
  afterAll(() => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(temporary, { recursive: true, force: true });
  });

  it('prints the report of the incident, which stands in the browser too, and leaves nothing behind', () => {
    const { triage, printed, page } = bundled;
    expect(triage).toMatchObject({ status: 'finished', outcome: 'complete', ended_by: 'answer', tool_calls: 6 });
    expect(triage.report?.root_cause).toMatchObject({ component: 'payments', change: '9f3c2e1', confidence: 'high' });
    expect(triage.report?.ruled_out[0]).toContain('inventory 5.3.0');
    expect(triage.report?.evidence[2]).toMatchObject({
      claim: 'Revision 9f3c2e1 changes src/amount.js',
      quote: '+  const digits = DIGITS[amount.money.currency] ?? 2;',
      verified: 'quoted',
    });
    expect(triage.report?.could_not_check).toEqual([]);
    const submissions = triage.conversations?.[0]?.turns.flatMap(({ content }) =>
      content.filter(({ name }) => name === 'submit_report'),
    );
    expect(submissions).toHaveLength(1);
    expect(printed).toContain(triage.analysis);
    expect(printed).toMatch(/ {2}r5 {2}query_logs {2}\{service=~"\.\+"\} \| json \| level="error"/);
    expect(printed).toContain('Outcome: complete (answer)');
    expect(page).toContain('payments fails 3');
    expect(leftBehind).toEqual([]);
  });

  it('quotes what Vigil sent in this very run', () => {
    const { triage } = bundled;
    const blocks = (triage.conversations ?? []).flatMap(({ turns }) => turns.flatMap(({ content }) => content));
    const results = new Map(blocks.filter((b) => b.type === 'tool_result').map((b) => [b.handle, b.text ?? '']));
    const opening = blocks[0]!.text!;
    for (const [, handle, text] of opening.matchAll(/^\[(o\d+)\] ([^]*?)>>>$/gm)) results.set(handle, text!);
    expect(triage.report?.evidence.length).toBeGreaterThanOrEqual(5);
    for (const { source, quote } of triage.report!.evidence) expect(results.get(source)).toContain(quote);
  });

  it('tells the model at its start what both deploys changed, whichever of them is guilty', () => {
    const { triage, printed } = bundled;
    const opening = triage.conversations![0]!.turns[0]!.content[0]!.text!;
    const lines = opening.split('\n').filter((line) => /^- (commit|deploy), /.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^- deploy, 2 min before the start .* service "inventory", .* revision "c07d4aa"/),
      expect.stringMatching(/^- deploy, 7 min before the start .* service "payments", .* revision "9f3c2e1"/),
      expect.stringMatching(/^- commit, 8 min before the start .* service "inventory", revision "c07d4aa"/),
      expect.stringMatching(/^- commit, 13 min before the start .* service "payments", revision "9f3c2e1"/),
    ]);
    expect(opening).toContain('    | +  const digits = DIGITS[amount.money.currency] ?? 2;');
    expect(opening).toContain("    | +const PREFIX = 'stock:v5:';");
    expect(printed).toContain('Changes posted (deploys and their commits, with diffs): 202, 4 stored.');
  });

  it('shows other numbers when the numbers of the incident are shifted', async () => {
    const { triage } = await demo(({ culprit }) => ({
      errorShare: 0.15,
      culprit: { ...culprit, revision: 'abc1234', version: '2.15.0' },
    }));
    const share = Number(/fails ([\d.]+) %/.exec(triage.report?.headline ?? '')?.[1]);
    expect(share).toBeGreaterThan(13);
    expect(share).toBeLessThan(17);
    expect(triage.report?.root_cause.change).toBe('abc1234');
  });

  it('finds nothing, and says so, when the fault is taken out', async () => {
    const { triage } = await demo(() => ({ faultOn: false }));
    expect(triage.outcome).toBe('complete');
    expect(triage.report?.root_cause).toMatchObject({ component: 'unknown', change: null, confidence: 'unknown' });
  });

  it('swaps its answer when culprit and decoy are swapped', async () => {
    const { triage } = await demo(({ culprit, decoy }) => ({
      culprit: { ...decoy, minutesAgo: culprit.minutesAgo },
      decoy: { ...culprit, minutesAgo: decoy.minutesAgo },
    }));
    expect(triage.report?.root_cause).toMatchObject({ component: 'inventory', change: 'c07d4aa' });
    expect(triage.report?.ruled_out[0]).toContain('payments 2.14.0');
  });

  it.each([
    ['--once', [], ['--once']],
    ['Ctrl-C', ['The report stays readable'], []],
  ])('says loudly that its model is scripted, and ends well with %s', async (_, interruptAt, args) => {
    const env = { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...COMPILED };
    const child = spawn(process.execPath, ['demo/run.ts', ...args], { cwd: ROOT, env });
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      /* once: the second Ctrl-C does not wait for the orderly end */
      if (!child.killed && interruptAt.some((text) => said.includes(text))) child.kill('SIGINT');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(said).toContain('THE MODEL IS SCRIPTED');
    expect(said).toContain('Outcome: complete (answer)');
    expect(code).toBe(0);
  });
});
