'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * The list of changes is read newest first, by the whole key, and narrowed by service or revision. A revision is looked
 * up among those of the change and those that it brings: by their first seven characters, which a short hash and a
 * whole one share. A kind has no index: nearly every one of them is common.
 *
 * @implements {MigrationInterface}
 */
class ChangeIndexes1795530000000 {
  name = 'ChangeIndexes1795530000000';

  /** @param {QueryRunner} run */
  async up(run) {
    await run.query(`
      CREATE FUNCTION change_revision_keys(revision text, commits jsonb) RETURNS text[]
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
        $$ SELECT array_agg(DISTINCT left(r, 7))
           FROM (SELECT revision AS r UNION ALL SELECT jsonb_array_elements_text(commits)) AS revisions
           WHERE r IS NOT NULL $$;
      CREATE INDEX changes_of_revision ON changes USING gin (change_revision_keys(revision, commits));
      CREATE INDEX changes_newest ON changes (at DESC, source DESC, id DESC);
      CREATE INDEX changes_of_service ON changes (service, at DESC);
      DROP INDEX changes_by_time;
    `);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query(`
      CREATE INDEX changes_by_time ON changes (at DESC);
      DROP INDEX changes_of_service, changes_newest, changes_of_revision;
      DROP FUNCTION change_revision_keys(text, jsonb);
    `);
  }
}

module.exports = { ChangeIndexes1795530000000 };
