'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * What a triage that waits for money needs at least to go on.
 *
 * @implements {MigrationInterface}
 */
class MoneyNeeded1795620000000 {
  name = 'MoneyNeeded1795620000000';

  /** @param {QueryRunner} run */
  async up(run) {
    // US dollars. Null: as much as any first call.
    await run.query('ALTER TABLE triages ADD COLUMN needed_usd float8');
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query('ALTER TABLE triages DROP COLUMN needed_usd');
  }
}

module.exports = { MoneyNeeded1795620000000 };
