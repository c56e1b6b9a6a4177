'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * How many alerts Alertmanager cut off the body that opened a triage.
 *
 * @implements {MigrationInterface}
 */
class TruncatedAlerts1795500000000 {
  name = 'TruncatedAlerts1795500000000';

  /** @param {QueryRunner} run */
  async up(run) {
    // Null: none. An older replica that knows no such column goes on inserting.
    await run.query('ALTER TABLE triages ADD COLUMN truncated_alerts integer CHECK (truncated_alerts > 0)');
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query('ALTER TABLE triages DROP COLUMN truncated_alerts');
  }
}

module.exports = { TruncatedAlerts1795500000000 };
