import type { ChangeAnswer, ChangeBody, ChangeListAnswer, RecordedAnswer } from './change-answer';

/** Real bodies for the API's description: what a pipeline posts, and what it hears. */
const DEPLOY = {
  source: 'github',
  id: 'shop/payments/19283746501',
  kind: 'deploy',
  at: '2026-11-23T18:58:00.000Z',
  title: 'Deploy payments 2.14.0',
  service: 'payments',
  environment: 'production',
  author: 'Mara Lind',
  revision: '9f3c2e1',
  previous_revision: '41be07d',
  commits: ['9f3c2e1'],
  version: '2.14.0',
  files: ['src/amount.js'],
  details:
    '--- a/src/amount.js\n+++ b/src/amount.js\n@@ -29,3 +29,3 @@\n function toMinorUnits(amount) {\n-  return amount.value * units(amount.currency);\n+  return amount.value * units(amount.money.currency);\n }\n',
  url: 'https://github.example/shop/payments/actions/runs/19283746501',
  labels: { team: 'checkout' },
} satisfies ChangeAnswer;

export const POSTED_EXAMPLE: ChangeBody = DEPLOY;
export const POSTED_SMALLEST_EXAMPLE: ChangeBody = {
  kind: 'flag',
  at: '2026-11-23T19:02:00Z',
  title: 'split_shipments is on',
};

export const RECORDED_EXAMPLE: RecordedAnswer = { changes: [DEPLOY] };

export const CHANGE_LIST_EXAMPLE: ChangeListAnswer = {
  changes: [DEPLOY],
  next_cursor: 'Zk3p9mVn2H8hQm1s6rWc0lsiMjAyNi0xMS0yM1QxODo1ODowMC4wMDAwMDBaIiwiZ2l0aHViIiwic2hvcC8xIl0',
};
