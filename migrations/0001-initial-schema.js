'use strict';

/** @import { MigrationInterface, QueryRunner } from 'typeorm' */

/**
 * The whole schema. Every stage's backlog is a question to one of these tables; the partial indexes are the questions.
 * All times are the database's own. Text that goes to a model again byte by byte is `text`, never json or jsonb.
 *
 * @implements {MigrationInterface}
 */
class InitialSchema1795392000000 {
  name = 'InitialSchema1795392000000';

  /** @param {QueryRunner} run */
  async up(run) {
    await run.query(`
      -- Every firing seen, whether or not it was investigated.
      CREATE TABLE firings (
        id            text PRIMARY KEY,
        fingerprint   text NOT NULL,
        starts_at     timestamptz NOT NULL,
        ends_at       timestamptz,
        status        text NOT NULL CHECK (status IN ('firing', 'resolved')),
        labels        jsonb NOT NULL,
        annotations   jsonb NOT NULL,
        generator_url text,
        times_seen    integer NOT NULL DEFAULT 1,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at  timestamptz NOT NULL DEFAULT now(),
        UNIQUE (fingerprint, starts_at)
      );
      CREATE INDEX firings_open ON firings (fingerprint, starts_at DESC) WHERE status = 'firing';

      CREATE TABLE triages (
        id              text PRIMARY KEY,
        -- What is investigated: alert:<fingerprint>. At most one unfinished triage a subject, over all replicas.
        subject_key     text NOT NULL,
        status          text NOT NULL CHECK (status IN ('queued', 'running', 'waiting', 'finished')),
        outcome         text CHECK (outcome IN ('complete', 'partial', 'failed', 'error', 'cancelled')),
        ended_by        text CHECK (ended_by IN ('answer', 'tool_budget', 'token_budget', 'deadline', 'context_full',
                                                 'refusal', 'model_unavailable', 'crashed', 'resolved')),
        wait_reason     text CHECK (wait_reason IN ('cool_down', 'model_unavailable', 'money')),
        -- 0 is the most urgent.
        priority        smallint NOT NULL DEFAULT 1,
        alert_name      text NOT NULL,
        fingerprint     text NOT NULL,
        severity        text,
        summary         text,
        created_at      timestamptz NOT NULL DEFAULT now(),
        due_at          timestamptz NOT NULL DEFAULT now(),
        started_at      timestamptz,
        completed_at    timestamptz,
        -- The lease. Every write of a running triage is fenced by (owner, epoch).
        owner           text,
        lease_until     timestamptz,
        epoch           integer NOT NULL DEFAULT 0,
        attempts        integer NOT NULL DEFAULT 0,
        -- Crashes since the last recorded turn; the third ends the triage.
        strikes         smallint NOT NULL DEFAULT 0,
        -- Running time of the attempts before this one, and when this one began.
        running_ms      bigint NOT NULL DEFAULT 0,
        running_since   timestamptz,
        requested_model text,
        analysis        text,
        report          json,
        -- Sums over the conversations' turns and tool calls.
        input_tokens       bigint NOT NULL DEFAULT 0,
        output_tokens      bigint NOT NULL DEFAULT 0,
        cache_read_tokens  bigint NOT NULL DEFAULT 0,
        cache_write_tokens bigint NOT NULL DEFAULT 0,
        cost_usd           numeric(14, 6),
        -- W3C traceparent of the request that queued it, so that a resumed triage can link back.
        trace_context   text,
        -- Counts what readers of the progress may have missed.
        event_seq       bigint NOT NULL DEFAULT 0,
        CHECK ((status = 'finished') = (outcome IS NOT NULL)),
        CHECK ((status = 'finished') = (completed_at IS NOT NULL)),
        CHECK ((status = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
        CHECK ((status = 'waiting') = (wait_reason IS NOT NULL))
      );
      CREATE UNIQUE INDEX triages_unfinished_subject ON triages (subject_key) WHERE status <> 'finished';
      CREATE INDEX triages_owed ON triages (priority, due_at) WHERE status IN ('queued', 'waiting');
      CREATE INDEX triages_leased ON triages (lease_until) WHERE status = 'running';
      CREATE INDEX triages_settled ON triages (fingerprint, completed_at DESC) WHERE status = 'finished';
      CREATE INDEX triages_newest ON triages (created_at DESC, id DESC);

      CREATE TABLE triage_firings (
        triage_id text NOT NULL REFERENCES triages ON DELETE CASCADE,
        firing_id text NOT NULL REFERENCES firings ON DELETE CASCADE,
        PRIMARY KEY (triage_id, firing_id)
      );
      CREATE INDEX triage_firings_of_firing ON triage_firings (firing_id);

      CREATE TABLE conversations (
        id             text PRIMARY KEY,
        triage_id      text NOT NULL REFERENCES triages ON DELETE CASCADE,
        ordinal        smallint NOT NULL DEFAULT 0,
        purpose        text NOT NULL,
        provider       text NOT NULL,
        model          text NOT NULL,
        prompt_version text NOT NULL,
        system_prompt  text NOT NULL,
        -- System prompt and tools in the vendor's form, frozen: the same text in every request.
        prefix         text NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        UNIQUE (triage_id, ordinal)
      );

      CREATE TABLE turns (
        conversation_id text NOT NULL REFERENCES conversations ON DELETE CASCADE,
        seq             integer NOT NULL,
        role            text NOT NULL CHECK (role IN ('user', 'assistant')),
        -- The vendor's own message: stored once, sent again as it is.
        wire            text NOT NULL,
        -- The same in neutral words, for everyone else.
        blocks          json NOT NULL,
        at              timestamptz NOT NULL DEFAULT now(),
        stop_reason     text,
        model           text,
        response_id     text,
        input_tokens       bigint,
        output_tokens      bigint,
        cache_read_tokens  bigint,
        cache_write_tokens bigint,
        cost_usd        numeric(14, 6),
        duration_ms     integer,
        model_attempts  smallint,
        PRIMARY KEY (conversation_id, seq),
        CHECK ((role = 'assistant') = (stop_reason IS NOT NULL))
      );

      CREATE TABLE tool_calls (
        conversation_id text NOT NULL REFERENCES conversations ON DELETE CASCADE,
        turn_seq        integer NOT NULL,
        position        smallint NOT NULL,
        handle          text NOT NULL,
        vendor_id       text NOT NULL,
        name            text NOT NULL,
        input           json NOT NULL,
        status          text NOT NULL CHECK (status IN ('ok', 'no_data', 'failed')),
        -- Exactly what the model is given.
        text            text NOT NULL,
        bytes           integer NOT NULL,
        duration_ms     integer NOT NULL,
        refusal         text,
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (conversation_id, turn_seq, position)
      );

      -- What was fitted away from a result: compressed, capped, short-lived.
      CREATE TABLE full_results (
        conversation_id text NOT NULL,
        turn_seq        integer NOT NULL,
        position        smallint NOT NULL,
        gzip            bytea NOT NULL,
        bytes           integer NOT NULL,
        expires_at      timestamptz NOT NULL,
        PRIMARY KEY (conversation_id, turn_seq, position),
        FOREIGN KEY (conversation_id, turn_seq, position) REFERENCES tool_calls ON DELETE CASCADE
      );
      CREATE INDEX full_results_expired ON full_results (expires_at);

      CREATE TABLE deliveries (
        id           text PRIMARY KEY,
        -- Order of settling, which each channel keeps.
        position     bigint GENERATED ALWAYS AS IDENTITY,
        channel      text NOT NULL,
        kind         text NOT NULL,
        subject_id   text NOT NULL,
        state        text NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up', 'not_configured')),
        attempts     integer NOT NULL DEFAULT 0,
        due_at       timestamptz NOT NULL DEFAULT now(),
        lease_until  timestamptz,
        created_at   timestamptz NOT NULL DEFAULT now(),
        delivered_at timestamptz,
        reason       text,
        -- The channel's own id of the message, where it gives one.
        external_id  text,
        UNIQUE (channel, kind, subject_id),
        CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
      );
      CREATE INDEX deliveries_owed ON deliveries (channel, position) WHERE state = 'pending';
      CREATE INDEX deliveries_of_subject ON deliveries (subject_id);

      CREATE TABLE changes (
        source            text NOT NULL,
        id                text NOT NULL,
        kind              text NOT NULL CHECK (kind IN ('deploy', 'commit', 'flag', 'config', 'incident', 'other')),
        at                timestamptz NOT NULL,
        title             text NOT NULL,
        service           text,
        environment       text,
        author            text,
        revision          text,
        previous_revision text,
        commits           jsonb,
        version           text,
        files             jsonb,
        details           text,
        url               text,
        labels            jsonb NOT NULL DEFAULT '{}',
        received_at       timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (source, id)
      );
      CREATE INDEX changes_by_time ON changes (at DESC);

      -- Alerts that could not be read, as they came.
      CREATE TABLE quarantine (
        id          text PRIMARY KEY,
        received_at timestamptz NOT NULL DEFAULT now(),
        reason      text NOT NULL,
        body        text NOT NULL
      );

      -- Who did what; rows are only ever added.
      CREATE TABLE audit (
        id     text PRIMARY KEY,
        at     timestamptz NOT NULL DEFAULT now(),
        actor  text NOT NULL,
        action text NOT NULL,
        target text,
        detail jsonb
      );
      CREATE FUNCTION audit_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit is insert only'; END $$;
      CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_is_insert_only();

      -- Keys that Vigil signs with; shared by all replicas.
      CREATE TABLE signing_keys (
        purpose    text PRIMARY KEY,
        secret     bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  /** @param {QueryRunner} run */
  async down(run) {
    await run.query(`
      DROP TABLE signing_keys, audit, quarantine, changes, deliveries, full_results, tool_calls, turns, conversations,
        triage_firings, triages, firings;
      DROP FUNCTION audit_is_insert_only();
    `);
  }
}

module.exports = { InitialSchema1795392000000 };
