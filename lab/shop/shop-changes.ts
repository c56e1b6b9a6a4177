import type { FaultName } from './shop.ts';

/** What the shop's pipelines tell of a change, without its time and id. */
export interface ToldChange {
  readonly kind: 'deploy' | 'flag' | 'config';
  readonly title: string;
  readonly service: string;
  readonly revision?: string;
  readonly previous_revision?: string;
  readonly version?: string;
  readonly files: readonly string[];
  readonly details: string;
}

interface BothWays {
  /** For its id: what is changed. */
  readonly what: string;
  readonly on: ToldChange;
  readonly off: ToldChange;
}

const TAX_TABLE = diffOf('src/tax-table.js', 3, {
  before: ["  CHF: { rounding: 'up' },", "  EUR: { rounding: 'half-even' },", "  USD: { rounding: 'half-even' },"],
  after: ["  CHF: { rounding: 'up', rate: 0.081 },", '  EUR: { rate: 0.19 },', "  USD: { rounding: 'half-even' },"],
});

/** The faults that begin with something that somebody did. A killed process is none: nobody tells of it. */
export const FAULT_CHANGES: Readonly<Partial<Record<FaultName, BothWays>>> = {
  'bad deploy': {
    what: 'payments',
    on: {
      kind: 'deploy',
      title: 'Deploy payments 1.5.0: the tax table of the new year',
      service: 'payments',
      revision: 'e6d19f4',
      previous_revision: '5be0c81',
      version: '1.5.0',
      files: ['src/tax-table.js'],
      details: TAX_TABLE.forth,
    },
    off: {
      kind: 'deploy',
      title: 'Roll payments back to 1.4.2',
      service: 'payments',
      revision: '5be0c81',
      previous_revision: 'e6d19f4',
      version: '1.4.2',
      files: ['src/tax-table.js'],
      details: TAX_TABLE.back,
    },
  },
  'slow database': {
    what: 'orders-db',
    on: migration('Audit each order as it comes in'),
    off: migration('Undo: audit each order as it comes in', 'back'),
  },
  'pool leak': flag('orders', 'split_shipments'),
  'memory leak': flag('payments', 'risk_cache'),
};

function migration(title: string, way: 'forth' | 'back' = 'forth'): ToldChange {
  const file = 'schema/orders-triggers.sql';
  const diff = diffOf(file, 0, {
    before: [],
    after: ['CREATE TRIGGER audit BEFORE INSERT ON orders', '  FOR EACH ROW EXECUTE FUNCTION audit_order();'],
  });
  return { kind: 'config', title, service: 'orders', files: [file], details: diff[way] };
}

function flag(service: string, name: string): BothWays {
  const file = `flags/${service}.yaml`;
  const { forth, back } = diffOf(file, 1, { before: [`${name}: off`], after: [`${name}: on`] });
  const told = (on: boolean): ToldChange => ({
    kind: 'flag',
    title: `${name} is ${on ? 'on' : 'off'} for everybody`,
    service,
    files: [file],
    details: on ? forth : back,
  });
  return { what: name, on: told(true), off: told(false) };
}

/** A unified diff of one place, and the one that undoes it. */
function diffOf(
  file: string,
  line: number,
  { before, after }: { before: readonly string[]; after: readonly string[] },
): { forth: string; back: string } {
  const diff = (from: readonly string[], to: readonly string[]): string =>
    [
      `--- a/${file}`,
      `+++ b/${file}`,
      `@@ -${line},${from.length} +${line},${to.length} @@`,
      ...from.map((text) => `-${text}`),
      ...to.map((text) => `+${text}`),
      '',
    ].join('\n');
  return { forth: diff(before, after), back: diff(after, before) };
}
