import { oneLine } from '../domain/one-line';
import { bad, type Finding, look, ok } from './finding';
import type { EmbeddedState } from './ports/embedded-state';
import type { DatabaseAnswer, DatabaseFacts, SchemaFacts, Session, SessionFacts } from './ports/installation-records';
import { roughly, sizeInWords } from './rough-figures';

const MIB = 1024 * 1024;
/** Postgres stops without room for its next file (16 MiB); the program's own advice is to have 100 MB. */
const DISK_BAD_BYTES = 100 * MIB;
const DISK_LOOK_BYTES = 1024 * MIB;

/** Shares of max_connections. One Vigil uses some twenty. */
const CONNECTIONS_LOOK = 0.8;
const CONNECTIONS_BAD = 0.95;

const START = 'Start Vigil: it starts its database too.';

/** The server in `data-dir`, which lives and dies with its Vigil. */
export function judgeEmbedded(state: EmbeddedState, dataDir: string): Finding[] {
  const nothing = 'No alert is taken in and nothing goes on; what is stored is kept.';
  switch (state.kind) {
    case 'running':
      if (state.owned) return [];
      return [
        bad(
          'embedded-ownerless',
          `The embedded database in ${dataDir} runs, but no Vigil owns it: its Vigil was killed.`,
          {
            means: nothing,
            todo: 'Start Vigil: it takes the database over as it is.',
          },
        ),
      ];
    case 'stopped':
      return [
        bad('embedded-stopped', `The embedded database in ${dataDir} is stopped.`, { means: nothing, todo: START }),
      ];
    case 'busy':
      return [
        look('embedded-busy', `The embedded database in ${dataDir} is starting, recovering or stopping.`, {
          means: 'It answers nobody yet.',
          todo: 'Wait a minute, then look again. If it stays so, read postgres/server.log there.',
        }),
      ];
    case 'missing':
      return [
        bad('embedded-missing', `There is no database in ${dataDir}, and database-url is not set.`, {
          means: 'No Vigil ever started with this configuration, or the doctor was given another one than Vigil.',
          todo: "Start Vigil: a first start makes it. If one did, give the doctor Vigil's own settings; data-dir is relative to where a program is started.",
        }),
      ];
    case 'unreadable':
      return [
        bad('embedded-unreadable', `The data directory ${dataDir} cannot be read (${state.reason}).`, {
          means: 'What stands in the database is not known.',
          todo: 'Run the doctor as the user as whom Vigil runs.',
        }),
      ];
  }
}

export function judgeDisk(freeBytes: number | undefined, dataDir: string): Finding[] {
  if (freeBytes === undefined) return [];
  const free = `${sizeInWords(freeBytes)} are free where ${dataDir} is.`;
  if (freeBytes >= DISK_LOOK_BYTES) return [ok('disk', free)];
  const advice = {
    means: 'Without room the database stops: alerts are answered 503. Nothing stored is lost.',
    todo: 'Free a gigabyte there, or make the volume larger.',
  };
  return [
    freeBytes < DISK_BAD_BYTES ? bad('disk-full', `Only ${free}`, advice) : look('disk-full', `Only ${free}`, advice),
  ];
}

export function judgeDatabase(answer: DatabaseAnswer): Finding[] {
  if (answer.kind === 'reached') return judgeServer(answer.facts);
  return [
    bad('database-unreachable', `The database cannot be asked: ${answer.why.reason}.`, {
      means:
        'Alerts are answered 503 and sent again by Alertmanager; triages and messages stand still. What they are is not known now.',
      todo: answer.why.todo,
    }),
  ];
}

function judgeServer({ version, connections, maxConnections, isReadOnly, bytes }: DatabaseFacts): Finding[] {
  const used = `${connections} of ${maxConnections} connections are used`;
  const size = sizeInWords(bytes);
  const findings: Finding[] = [ok('database', `PostgreSQL ${version} answers; ${size}; ${used}.`)];
  if (isReadOnly) {
    findings.push(
      bad('database-read-only', 'The database takes no writes: it is a standby, or was set read-only.', {
        means: 'Alerts are answered 503 and nothing goes on. Vigil goes on by itself when it can write.',
        todo: 'Finish the failover, or let database-url lead to the primary.',
      }),
    );
  }
  if (connections >= maxConnections * CONNECTIONS_LOOK) {
    const mark = connections >= maxConnections * CONNECTIONS_BAD ? bad : look;
    findings.push(
      mark('database-connections', `${used[0]!.toUpperCase()}${used.slice(1)}.`, {
        means: 'When none is left, alerts are answered 503. Each Vigil uses up to some twenty.',
        todo: 'Raise max_connections, run fewer replicas, or end what holds them (pg_stat_activity).',
      }),
    );
  }
  return findings;
}

/** @returns whether the tables are there to be asked, with what is to be said of them */
export function judgeSchema({ isEmpty, missing, unknown }: SchemaFacts): Finding[] {
  if (isEmpty) {
    return [
      bad('schema-missing', 'The database has no tables of Vigil.', {
        means: 'No Vigil ever started with this database, or database-url leads to another one.',
        todo: 'Compare database-url with that of Vigil; if it is right, start Vigil: it makes them.',
      }),
    ];
  }
  const findings: Finding[] = [];
  if (missing.length > 0) {
    findings.push(
      bad('schema-older', `The tables are older than this program: ${missing.join(', ')} is still to be run.`, {
        means: 'No Vigil of this version has started with this database. Some of what follows cannot be read.',
        todo: 'Start this version of Vigil: it brings them up to date. If an older one runs, use its own doctor.',
      }),
    );
  }
  if (unknown.length > 0) {
    findings.push(
      look('schema-newer', `The tables are newer than this program: it does not know ${unknown.join(', ')}.`, {
        means: 'A newer Vigil has started with this database. This doctor may see less than there is.',
        todo: "Use the newer version's doctor, and finish the deploy or go back in order.",
      }),
    );
  }
  return findings.length > 0 ? findings : [ok('schema', 'The tables are those of this version.')];
}

/** Whoever holds a transaction open, and whoever is waited for. */
export function judgeTransactions({ long, blocking }: SessionFacts): Finding[] {
  const blockers = new Set(blocking.map(({ pid }) => pid));
  const idle = long.filter(({ pid }) => !blockers.has(pid));
  return [
    ...blocking.map((session) =>
      bad('database-blocked', `Others have waited for more than 5 s for ${inWords(session)}.`, {
        means: 'What waits for it fails after a few seconds and is tried again: alerts are answered 503 meanwhile.',
        todo: `End it if nobody needs it: SELECT pg_terminate_backend(${session.pid});`,
      }),
    ),
    ...idle.map((session) =>
      look('long-transaction', `A transaction is open for long: ${inWords(session)}.`, {
        means: 'Deleted rows are not cleared away while it is open, and it may come to block others.',
        todo: `Find out whose it is; if nobody needs it: SELECT pg_terminate_backend(${session.pid});`,
      }),
    ),
  ];
}

function inWords({ pid, application, state, openMs }: Session): string {
  return `"${oneLine(application, 60)}" (session ${pid}, ${state}, open for ${roughly(openMs)})`;
}
