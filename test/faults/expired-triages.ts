import type { Client } from 'pg';

/** Triages that ended a hundred days ago, each with its firing, a conversation of ten turns, five calls and a delivery. */
export async function storeExpiredTriages(sql: Client, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations, last_seen_at)
     SELECT 'f' || n, 'old-' || n, now() - interval '100 days', 'resolved', '{}', '{}', now() - interval '100 days'
     FROM generate_series(1, ${count}) n;
     INSERT INTO triages (id, subject_key, status, outcome, ended_by, priority, alert_name, fingerprint, due_at, created_at,
                          completed_at)
     SELECT 't' || n, 'alert:old-' || n, 'finished', 'complete', 'answer', 1, 'Old', 'old-' || n, now(),
            now() - interval '100 days', now() - interval '100 days' FROM generate_series(1, ${count}) n;
     INSERT INTO triage_firings SELECT 't' || n, 'f' || n FROM generate_series(1, ${count}) n;
     INSERT INTO conversations (id, triage_id, purpose, provider, model, prompt_version, system_prompt, prefix)
     SELECT 'c' || n, 't' || n, 'investigation', 'anthropic', 'm', '1', '', '' FROM generate_series(1, ${count}) n;
     INSERT INTO turns (conversation_id, seq, role, wire, blocks, stop_reason)
     SELECT 'c' || n, seq, CASE seq % 2 WHEN 0 THEN 'user' ELSE 'assistant' END, repeat('x', 500), '[]',
            CASE seq % 2 WHEN 0 THEN NULL ELSE 'tool_use' END
     FROM generate_series(1, ${count}) n, generate_series(0, 9) seq;
     INSERT INTO tool_calls (conversation_id, turn_seq, position, handle, vendor_id, name, input, status, text, bytes,
                             duration_ms)
     SELECT 'c' || n, 2 * k + 1, 0, 'r' || k, 'v' || k, 'query_metrics', '{}', 'ok', repeat('y', 500), 500, 1
     FROM generate_series(1, ${count}) n, generate_series(0, 4) k;
     INSERT INTO deliveries (id, channel, kind, subject_id, state, attempts, delivered_at, created_at)
     SELECT 'd' || n, 'slack', 'report', 't' || n, 'delivered', 1, now() - interval '100 days', now() - interval '100 days'
     FROM generate_series(1, ${count}) n;
     ANALYZE`,
  );
}
