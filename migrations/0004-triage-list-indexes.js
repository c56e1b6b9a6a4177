'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * The list of triages is read newest first from an index, whatever it is narrowed by. A severity has none: nearly every
 * one of them is common, and an index costs each alert that is taken in. None of these columns changes while a triage
 * runs, so that its updates stay within its page (HOT).
 *
 * @implements {MigrationInterface}
 */
class TriageListIndexes1795520000000 {
  name = 'TriageListIndexes1795520000000';

  /** @param {QueryRunner} run */
  async up(run) {
    await run.query(`
      CREATE INDEX triages_of_alert_name ON triages (alert_name, created_at DESC, id DESC);
      CREATE INDEX triages_of_fingerprint ON triages (fingerprint, created_at DESC, id DESC);
      CREATE INDEX triages_of_outcome ON triages (outcome, created_at DESC, id DESC) WHERE outcome IS NOT NULL;
    `);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query('DROP INDEX triages_of_outcome, triages_of_fingerprint, triages_of_alert_name');
  }
}

module.exports = { TriageListIndexes1795520000000 };
