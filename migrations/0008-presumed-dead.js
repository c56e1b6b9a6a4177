'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * Whose crash each strike of a triage presumes, so that a worker that lives can take it back.
 *
 * @implements {MigrationInterface}
 */
class PresumedDead1795708000000 {
  name = 'PresumedDead1795708000000';

  /** @param {QueryRunner} run */
  async up(run) {
    // Owners, one a strike. An older replica that knows no such column goes on counting: its strikes stay.
    await run.query(`ALTER TABLE triages ADD COLUMN presumed_dead text[] NOT NULL DEFAULT '{}'`);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query('ALTER TABLE triages DROP COLUMN presumed_dead');
  }
}

module.exports = { PresumedDead1795708000000 };
