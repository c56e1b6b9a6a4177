import { countInWords } from '../domain/in-words';
import { oneLine } from '../domain/one-line';
import { type Finding, look, ok } from './finding';
import type { IntakeFacts, KeptFacts } from './ports/installation-records';
import { roughly, sizeInWords } from './rough-figures';

/** A firing alert is sent again every few hours (Alertmanager's repeat_interval, 4 h by default). */
const SILENT_MS = 3 * 86_400_000;
/** A round of the retention comes once an hour. */
const BEHIND_DAYS = 1;

/** What came in, and what of it could not be read. */
export function judgeIntake(facts: IntakeFacts): Finding[] {
  return [...judgeSilence(facts), ...judgeUnread(facts)];
}

function judgeSilence({ lastAlertMs }: IntakeFacts): Finding[] {
  if (lastAlertMs !== undefined && lastAlertMs <= SILENT_MS) {
    return [ok('intake', `The last alert came ${roughly(lastAlertMs)} ago.`)];
  }
  const what =
    lastAlertMs === undefined
      ? 'No alert ever came.'
      : `No alert came for ${Math.floor(lastAlertMs / 86_400_000)} days.`;
  return [
    look('no-alerts', what, {
      means: 'Either nothing fired, or Alertmanager does not reach Vigil.',
      todo: "Check Alertmanager's receiver and route (POST /api/v1/alerts, the token), its log, and vigil_webhook_rejected_total.",
    }),
  ];
}

function judgeUnread({ quarantined, quarantineReason, truncatedAlerts, truncatedTriages }: IntakeFacts): Finding[] {
  const findings: Finding[] = [];
  if (quarantined > 0) {
    findings.push(
      look(
        'alerts-quarantined',
        `${countInWords(quarantined, 'alert')} of the last 24 h could not be read. The last: ${oneLine(quarantineReason ?? '', 200)}`,
        {
          means: 'Nobody looks at them; their neighbours in the same body were taken.',
          todo: 'Put right what sends them. They are kept as they came, in the table quarantine.',
        },
      ),
    );
  }
  if (truncatedAlerts > 0) {
    findings.push(
      look(
        'alerts-truncated',
        `Alertmanager cut ${countInWords(truncatedAlerts, 'alert')} off the groups of ${countInWords(truncatedTriages, 'triage')} in the last 24 h.`,
        {
          means: 'What is cut off is seen by nobody.',
          todo: "Set max_alerts: 0 in Alertmanager's webhook_config.",
        },
      ),
    );
  }
  return findings;
}

export function judgeKept({ oldestDays, tables }: KeptFacts, retentionDays: number): Finding[] {
  const sizes = tables.map(({ name, bytes }) => `${name} ${sizeInWords(bytes)}`).join(', ');
  if (oldestDays === undefined || oldestDays <= retentionDays + BEHIND_DAYS)
    return [ok('retention', `Nothing is older than retention-days. The largest tables: ${sizes}.`)];
  return [
    look(
      'retention-behind',
      `The oldest finished triage is ${Math.floor(oldestDays)} days old; retention-days is ${retentionDays}. The largest tables: ${sizes}.`,
      {
        means: 'What is too old is deleted once an hour while a Vigil runs, but not while a message of it is pending.',
        todo: 'If a Vigil has run for some hours, look into its log for "could not be deleted".',
      },
    ),
  ];
}
