import { secondsAt } from './incident-plan.ts';
import type { Behind, Deploy, IncidentPlan } from './incident-plan.ts';

/** A commit as its pipeline tells of it. */
interface Commit {
  readonly title: string;
  readonly author: string;
  readonly file: string;
  readonly diff: string;
}

/** The commit that brings the fault of each service: what it logs then comes from these lines. Its title is innocent. */
const FAULTY: Readonly<Record<Behind, Commit>> = {
  payments: {
    title: 'Carry amounts as money objects',
    author: 'Mara Lind',
    file: 'src/amount.js',
    diff: `@@ -29,5 +29,5 @@
 /** In the currency's smallest unit. */
 function toMinorUnits(amount) {
-  const digits = DIGITS[amount.currency] ?? 2;
+  const digits = DIGITS[amount.money.currency] ?? 2;
   return Math.round(amount.value * 10 ** digits);
 }
`,
  },
  inventory: {
    title: 'Give the table of holds a clearer name',
    author: 'Tomas Beck',
    file: 'src/holds.js',
    diff: `@@ -16,6 +16,6 @@
 async function reserve(client, sku, count) {
   const { rows } = await client.query(
-    'INSERT INTO holds (sku, count) VALUES ($1, $2) RETURNING id',
+    'INSERT INTO stock_holds (sku, count) VALUES ($1, $2) RETURNING id',
     [sku, count],
   );
   return rows[0].id;
`,
  },
};

/** The commit that makes a service busy for a while: its cache begins anew. Its title sounds like trouble. */
const HARMLESS: Readonly<Record<Behind, Commit>> = {
  payments: {
    title: 'Rewrite how exchange rates are cached',
    author: 'Ines Roth',
    file: 'src/rates-cache.js',
    diff: `@@ -3,3 +3,3 @@
 /* another name, another cache: the old one runs out by itself */
-const PREFIX = 'rates:v4:';
+const PREFIX = 'rates:v5:';
 const TTL_SECONDS = 3600;
`,
  },
  inventory: {
    title: 'Rewrite how stock levels are cached',
    author: 'Ines Roth',
    file: 'src/stock-cache.js',
    diff: `@@ -3,3 +3,3 @@
 /* another name, another cache: the old one runs out by itself */
-const PREFIX = 'stock:v4:';
+const PREFIX = 'stock:v5:';
 const TTL_SECONDS = 3600;
`,
  },
};

/** A commit is merged so long before its deploy. */
const MERGED_MINUTES_BEFORE = 6;

/** What the shop's pipelines post to Vigil: each deploy, and the commit that it brings. */
export function changeBodies(plan: IncidentPlan): object[] {
  const { culprit, decoy, faultOn } = plan;
  const culpritsCommit = (faultOn ? FAULTY : HARMLESS)[culprit.service];
  return [
    ...deployWithCommit(plan, culprit, culpritsCommit),
    ...deployWithCommit(plan, decoy, HARMLESS[decoy.service]),
  ];
}

function deployWithCommit(plan: IncidentPlan, deploy: Deploy, commit: Commit): object[] {
  const { service, minutesAgo, version, revision, previousRevision } = deploy;
  const time = (ago: number): string => new Date(secondsAt(plan, ago) * 1000).toISOString();
  return [
    {
      source: 'github',
      id: `shop/${service}/${revision}`,
      kind: 'commit',
      at: time(minutesAgo + MERGED_MINUTES_BEFORE),
      title: commit.title,
      service,
      author: commit.author,
      revision,
      previous_revision: previousRevision,
      files: [commit.file],
      details: `--- a/${commit.file}\n+++ b/${commit.file}\n${commit.diff}`,
    },
    {
      source: 'argocd',
      id: `shop-${service}/${version}`,
      kind: 'deploy',
      at: time(minutesAgo),
      title: `Deploy ${service} ${version}`,
      service,
      environment: 'prod',
      revision,
      previous_revision: previousRevision,
      commits: [revision],
      version,
    },
  ];
}
