'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * The day's money, notices and digests, and what retention looks for.
 *
 * @implements {MigrationInterface}
 */
class MoneyNoticesRetention1795510000000 {
  name = 'MoneyNoticesRetention1795510000000';

  /** @param {QueryRunner} run */
  async up(run) {
    await run.query(`
      -- What the model has cost over all replicas, by UTC day: kept by the transactions that record its answers.
      CREATE TABLE money_days (
        day       date PRIMARY KEY,
        spent_usd numeric(14, 6) NOT NULL
      );
      INSERT INTO money_days (day, spent_usd)
        SELECT (now() AT TIME ZONE 'UTC')::date, sum(cost_usd) FROM turns
        WHERE at >= date_trunc('day', now(), 'UTC') HAVING sum(cost_usd) > 0;

      -- A digest stands for several deliveries: each names the first of them, whose message it is.
      ALTER TABLE deliveries ADD COLUMN digest_id text;
      -- What happened, in the words of a notice.
      ALTER TABLE deliveries ADD COLUMN detail text;
      CREATE INDEX deliveries_said ON deliveries (channel, delivered_at) WHERE state = 'delivered';

      CREATE INDEX triages_ended ON triages (completed_at) WHERE status = 'finished';
    `);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query(`
      DROP INDEX triages_ended;
      DROP INDEX deliveries_said;
      DELETE FROM deliveries WHERE kind <> 'report';
      ALTER TABLE deliveries DROP COLUMN detail, DROP COLUMN digest_id;
      DROP TABLE money_days;
    `);
  }
}

module.exports = { MoneyNoticesRetention1795510000000 };
