import { dice, hex, iso, lineWith, minutesBefore, says } from './context-case.ts';
import type { ContextCase, Plan } from './context-case.ts';

const SERVICES = ['gateway', 'orders', 'inventory', 'mail', 'search', 'ledger', 'payments'];
const DIFF_CHARS = 30_000;

/** Six hours of a busy company, and one large diff in the service that the question is about. */
export function changeCase(plan: Plan): ContextCase {
  const roll = dice(31);
  const ordinary = Array.from({ length: plan.share(200) - 1 }, (_, i) => {
    const service = SERVICES[i % SERVICES.length]!;
    const revision = hex(roll, 7);
    const deploys = i % 3 === 0;
    return {
      source: 'github',
      id: `change-${i}`,
      kind: deploys ? 'deploy' : 'commit',
      at: iso(minutesBefore(plan.startsAt, 355 - Math.floor((350 * i) / plan.share(200)))),
      title: deploys ? `Deploy ${service} 3.${i}.0` : `Rename what ${service} calls a customer (${i})`,
      /* commits in shared code have none */
      ...((deploys || i % 5 > 0) && { service }),
      author: 'mara',
      revision,
      files: [`src/${service}/customer-${i}.js`],
      details: `--- a/src/customer.js\n+++ b/src/customer.js\n@@ -1,3 +1,3 @@\n-const name = customer.name;\n+const name = customer.title;\n`,
    };
  });
  const culprit = {
    source: 'github',
    id: 'payments-deploy',
    kind: 'deploy',
    at: iso(minutesBefore(plan.startsAt, 12)),
    title: 'Deploy payments 2.14.0: amounts carry their currency',
    service: 'payments',
    author: 'mara',
    revision: '9f3c2e1',
    files: ['src/amount.js', 'src/generated/currencies.js'],
    details: largeDiff(),
  };
  const asked = new URLSearchParams({
    service: 'payments',
    since: iso(minutesBefore(plan.startsAt, 360)),
    limit: '200',
  });
  return {
    figure: 'changes_200',
    tool: 'list_changes',
    input: { service: 'payments' },
    world: { changes: [...ordinary, culprit] },
    raw: [{ from: 'vigil', path: `/api/v1/changes?${asked}` }],
    facts: [lineWith('9f3c2e1', culprit.title), says('src/amount.js'), says('units(amount.money.currency)')],
  };
}

function largeDiff(): string {
  const telling = [
    '--- a/src/amount.js',
    '+++ b/src/amount.js',
    '@@ -29,3 +29,3 @@',
    ' function toMinorUnits(amount) {',
    '-  return amount.value * units(amount.currency);',
    '+  return amount.value * units(amount.money.currency);',
    ' }',
    '--- a/src/generated/currencies.js',
    '+++ b/src/generated/currencies.js',
    '@@ -1,700 +1,700 @@',
  ].join('\n');
  const generated = Array.from({ length: 1000 }, (_, i) => `+  { code: 'X${i}', digits: ${i % 4}, symbol: '${i}' },`);
  return `${telling}\n${generated.join('\n')}`.slice(0, DIFF_CHARS);
}
