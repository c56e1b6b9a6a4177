import type { BuildInfo } from '../config/build-info';
import type { Settings } from '../config/settings';
import {
  ModelConfig,
  MoneyConfig,
  OpsConfig,
  RetentionConfig,
  SlackConfig,
  ToolConfig,
  TriageConfig,
} from '../config/slices';
import { askOpsPort, opsAddress } from './ask-ops-port';
import { type Finding, look } from './finding';
import { judgeDatabase, judgeDisk, judgeEmbedded, judgeSchema, judgeTransactions } from './judge-database';
import { judgeDeliveries } from './judge-deliveries';
import { judgeOps, judgeSessions, type OpsAnswer, processesSeen } from './judge-process';
import { judgeIntake, judgeKept } from './judge-records';
import { judgeSettings } from './judge-settings';
import { judgeEnds, judgeTriages } from './judge-triages';
import { lookAtAlertmanager, lookAtLoki, lookAtModel, lookAtPrometheus, lookAtSlack } from './look-outside';
import type { EmbeddedState } from './ports/embedded-state';
import type { DatabaseAnswer, InstallationRecords, SchemaFacts } from './ports/installation-records';
import type { Presence } from './presence';

/** Time for each question. */
const LIMIT_MS = 5_000;
/** The same for whoever can be told to hang up: a little earlier, so that it says itself what came of it. */
const HANG_UP_MS = 4_500;

/** What the doctor sees with. */
export interface Instruments {
  records(url: string): InstallationRecords;
  embedded(dataDir: string): Promise<EmbeddedState>;
  freeBytes(dataDir: string): Promise<number | undefined>;
}

/** Reads the whole installation; all questions side by side, and none that fails hides another. */
export async function examine(settings: Settings, build: BuildInfo, instruments: Instruments): Promise<Finding[]> {
  const ops = new OpsConfig(settings);
  const opsAnswer = askOpsPort(ops, AbortSignal.timeout(HANG_UP_MS));
  const outside = lookOutside(settings);
  const place = await lookAtPlace(settings, instruments);
  const records = place.url === undefined ? undefined : instruments.records(place.url);
  const inside = records
    ? lookInside(settings, records, await opsAnswer)
    : Promise.resolve({ findings: [], seen: undefined });
  const { findings, seen } = await inside;
  const { host, port } = opsAddress(ops);
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const all = [
    ...judgeSettings(settings, build),
    ...place.findings,
    ...judgeOps(await opsAnswer, address, seen),
    ...findings,
    ...(await outside),
  ];
  await records?.close();
  return all;
}

/** Where the database is: the setting's, or the embedded one as it stands. */
async function lookAtPlace(
  { databaseUrl, dataDir }: Settings,
  { embedded, freeBytes }: Instruments,
): Promise<{ readonly url?: string; readonly findings: readonly Finding[] }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, findings: [] };
  const state = await inTime(embedded(dataDir)).catch((): EmbeddedState => ({ kind: 'busy' }));
  const findings = [...judgeEmbedded(state, dataDir), ...judgeDisk(await freeBytes(dataDir), dataDir)];
  return { url: state.kind === 'running' ? state.url : undefined, findings };
}

async function lookInside(
  settings: Settings,
  records: InstallationRecords,
  ops: OpsAnswer,
): Promise<{ readonly findings: readonly Finding[]; readonly seen?: number }> {
  const answer = await inTime(records.database()).catch((): DatabaseAnswer => ({
    kind: 'unreached',
    why: { reason: 'it does not answer in time', todo: 'Look at its load.' },
  }));
  if (answer.kind === 'unreached') return { findings: judgeDatabase(answer) };
  const [schema, sessions] = await Promise.all([settled(records.schema()), settled(records.sessions())]);
  const seen = sessions.value && processesSeen(sessions.value);
  const presence: Presence = { seen, here: hereOf(ops) };
  return {
    seen,
    findings: [
      ...judgeDatabase(answer),
      ...told(schema, 'Which migrations are applied', judgeSchema),
      ...told(sessions, 'Who is connected to the database', (facts) => [
        ...judgeSessions(facts, presence, settings.databaseListenUrl !== undefined),
        ...judgeTransactions(facts),
      ]),
      ...(await lookAtStages(settings, records, presence, schema.value)),
    ],
  };
}

/** What each stage owes. Tables that are not there yet are not asked. */
async function lookAtStages(
  settings: Settings,
  records: InstallationRecords,
  presence: Presence,
  schema: SchemaFacts | undefined,
): Promise<Finding[]> {
  if (schema?.isEmpty) return [];
  const slack = new SlackConfig(settings);
  const limits = { ...new TriageConfig(settings), ...new MoneyConfig(settings) };
  const delivery = { isConfigured: Boolean(slack.webhookUrl), perHour: slack.messagesPerHour };
  const [triages, ends, deliveries, intake, kept] = await Promise.all([
    settled(records.triages()),
    settled(records.ends()),
    settled(records.deliveries()),
    settled(records.intake()),
    settled(records.kept()),
  ]);
  return [
    ...told(intake, 'What came in', judgeIntake),
    ...told(triages, 'What triages are owed', (facts) => judgeTriages(facts, presence, limits)),
    ...told(ends, 'How triages ended', judgeEnds),
    ...told(deliveries, 'What is owed to Slack', (facts) => judgeDeliveries(facts, presence, delivery)),
    ...told(kept, 'How much is kept', (facts) => judgeKept(facts, new RetentionConfig(settings).days)),
  ];
}

async function lookOutside(settings: Settings): Promise<Finding[]> {
  const tools = new ToolConfig(settings);
  const limit = (): AbortSignal => AbortSignal.timeout(HANG_UP_MS);
  const looks: [name: string, look: Promise<Finding | Finding[]>][] = [
    ['The model', lookAtModel(new ModelConfig(settings), limit())],
    ['Prometheus', lookAtPrometheus(tools, limit())],
    ['Loki', lookAtLoki(tools, limit())],
    ['Alertmanager', lookAtAlertmanager(tools, limit())],
    ['Slack', lookAtSlack(new SlackConfig(settings), limit())],
  ];
  const found = await Promise.all(
    looks.map(async ([name, seen]) => told(await settled(seen), name, (finding) => [finding].flat())),
  );
  return found.flat();
}

function hereOf({ kind }: OpsAnswer): Presence['here'] {
  if (kind === 'status') return 'running';
  return kind === 'unknown_port' ? 'unknown' : 'nobody';
}

interface Settled<T> {
  readonly value?: T;
  readonly reason?: string;
}

async function settled<T>(question: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await inTime(question) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function told<T>({ value, reason }: Settled<T>, name: string, judge: (value: T) => Finding[]): Finding[] {
  if (value !== undefined) return judge(value);
  return [
    look('not-known', `${name}: not known (${reason}).`, {
      means: 'The question failed or took too long; all others were asked.',
      todo: 'Look again. If it stays so, the other findings usually say why.',
    }),
  ];
}

/** A code at most: messages hold addresses, and may hold what is secret. */
function reasonOf(error: unknown): string {
  if (error instanceof OutOfTime) return `no answer within ${LIMIT_MS / 1000} s`;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'TimeoutError') return `no answer within ${LIMIT_MS / 1000} s`;
  return typeof code === 'string' ? code : 'it failed';
}

class OutOfTime extends Error {}

function inTime<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), LIMIT_MS);
  });
  return Promise.race([question, late]).finally(() => clearTimeout(timer));
}
