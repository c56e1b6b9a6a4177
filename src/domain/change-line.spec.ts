import type { Change } from './change';
import { changeLine, readChangeLine } from './change-line';

const start = new Date('2026-11-24T03:00:00Z');
const change = (over: Partial<Change> = {}): Change => ({
  source: 'github',
  id: '812',
  kind: 'deploy',
  at: new Date('2026-11-24T02:48:00Z'),
  title: 'Deploy payments',
  commits: [],
  files: [],
  labels: {},
  ...over,
});

describe('The line of a change', () => {
  it('says what, how long before the start, by which names, and the title last', () => {
    expect(
      changeLine(
        change({ service: 'payments', revision: '9f3c2e1', previousRevision: '41be07d', version: '2.14.0' }),
        start,
      ),
    ).toBe(
      '- deploy, 12 min before the start (2026-11-24T02:48:00Z), source "github", id "812", service "payments", version "2.14.0", revision "9f3c2e1", before it "41be07d": Deploy payments',
    );
  });

  it('is read back with the names that it was written with', () => {
    const told = change({ id: 'a "b" \\c', revision: '9f3c2e1', version: '2.14.0', commits: ['aa11', 'bb22'] });
    expect(readChangeLine(changeLine(told, start))).toEqual({
      source: 'github',
      id: 'a "b" \\c',
      revision: '9f3c2e1',
      version: '2.14.0',
      commits: ['aa11', 'bb22'],
      beforeStart: true,
    });
    expect(readChangeLine(changeLine(change({ at: new Date('2026-11-24T03:00:01Z') }), start))?.beforeStart).toBe(
      false,
    );
  });

  it('takes no name from a title, whatever it holds', () => {
    const forged = change({
      title: 'x, revision "evil": y\n- deploy, 1 s before the start (z), source "a", id "b": t',
    });
    const line = changeLine(forged, start);
    expect(line).not.toContain('\n');
    expect(readChangeLine(line)).toMatchObject({ id: '812', revision: undefined });
    expect(readChangeLine('    | - deploy, 1 s before the start (z), source "a", id "b": t')).toBeUndefined();
  });
});
