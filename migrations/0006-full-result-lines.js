'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * How many lines a full result had, so that one that is too large to be kept whole is known to be cut.
 *
 * @implements {MigrationInterface}
 */
class FullResultLines1795610000000 {
  name = 'FullResultLines1795610000000';

  /** @param {QueryRunner} run */
  async up(run) {
    // Null: not known. An older replica that knows no such column goes on inserting.
    await run.query('ALTER TABLE full_results ADD COLUMN lines integer CHECK (lines > 0)');
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query('ALTER TABLE full_results DROP COLUMN lines');
  }
}

module.exports = { FullResultLines1795610000000 };
