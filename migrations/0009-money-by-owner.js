'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * Each worker adds to a row of its own: one that is stopped inside its transaction holds nobody else's answers up.
 *
 * @implements {MigrationInterface}
 */
class MoneyByOwner1796010000000 {
  name = 'MoneyByOwner1796010000000';

  /** @param {QueryRunner} run */
  async up(run) {
    await run.query(`
      ALTER TABLE money_days ADD COLUMN owner text NOT NULL DEFAULT '', DROP CONSTRAINT money_days_pkey,
        ADD PRIMARY KEY (day, owner)`);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query(`
      CREATE TEMPORARY TABLE days ON COMMIT DROP AS SELECT day, sum(spent_usd) AS spent_usd FROM money_days GROUP BY day;
      DELETE FROM money_days;
      ALTER TABLE money_days DROP CONSTRAINT money_days_pkey, DROP COLUMN owner, ADD PRIMARY KEY (day);
      INSERT INTO money_days (day, spent_usd) SELECT day, spent_usd FROM days`);
  }
}

module.exports = { MoneyByOwner1796010000000 };
