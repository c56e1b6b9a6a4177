import { bad, type Finding, look, ok } from './finding';
import type { SessionFacts } from './ports/installation-records';
import type { Presence } from './presence';

/** What the ops port of this machine answered. */
export type OpsAnswer =
  /** The port is chosen anew at each start (admin-port 0). */
  | { readonly kind: 'unknown_port' }
  | { readonly kind: 'nobody'; readonly reason: string }
  /** Something that is no Vigil. */
  | { readonly kind: 'another' }
  | { readonly kind: 'status'; readonly status: string; readonly failing: readonly string[] };

/** @param address as it was asked: `127.0.0.1:9000` */
export function judgeOps(answer: OpsAnswer, address: string, seen: number | undefined): Finding[] {
  switch (answer.kind) {
    case 'unknown_port':
      return [ok('process', 'Whether a Vigil runs here is not asked: admin-port is 0, so its port is not known.')];
    case 'another':
      return [
        bad('port-of-another', `What answers at ${address} is not Vigil.`, {
          means: 'Vigil cannot start with this admin-port, or the doctor was given another one than Vigil.',
          todo: 'Free the port or set admin-port; metrics and probes must follow it.',
        }),
      ];
    case 'nobody':
      return [absent(address, answer.reason, seen)];
    case 'status':
      return [judgeStatus(answer, address)];
  }
}

function absent(address: string, reason: string, seen: number | undefined): Finding {
  if (seen !== undefined && seen > 0) {
    return look(
      'not-on-this-machine',
      `No Vigil answers at ${address} (${reason}); the database shows ${runningInWords(seen)}.`,
      {
        means: 'It runs elsewhere, or on another admin-port.',
        todo: 'To look at its readiness, run the doctor where it runs (kubectl exec, docker exec).',
      },
    );
  }
  return bad('not-running', `No Vigil runs here: nothing answers at ${address} (${reason}).`, {
    means:
      'Alerts are not taken in; Alertmanager sends them again for as long as they fire. What is stored goes on after a start.',
    todo: 'Start Vigil. If it was started, its log or its exit code (2: the configuration) says why it ended.',
  });
}

function judgeStatus({ status, failing }: { status: string; failing: readonly string[] }, address: string): Finding {
  if (status === 'ready') return ok('process', `Vigil at ${address} is ready.`);
  if (status === 'starting' || status === 'draining') {
    return look('starting-or-draining', `Vigil at ${address} is ${status}.`, {
      means: status === 'starting' ? 'It takes no alerts yet.' : 'It was told to end, and starts nothing new.',
      todo:
        status === 'starting'
          ? 'Wait a minute. If it stays so, its database does not come up: see its log.'
          : 'Wait for shutdown-budget-seconds; if it is meant to run, start it again.',
    });
  }
  const parts = failing.join(' and ') || status;
  return bad('not-ready', `Vigil at ${address} is not ready: ${parts}.`, {
    means: failing.includes('worker')
      ? 'The worker has not come round for 15 s: it starts no triages.'
      : 'It cannot reach its database: alerts are answered 503, and triages pause.',
    todo: failing.includes('worker')
      ? 'Restart it: nothing is lost, and its triages go on.'
      : 'See what is said of the database here; Vigil goes on by itself.',
  });
}

/** Who is connected, and who of them hears when others queue something. */
export function judgeSessions(facts: SessionFacts, { here }: Presence, hasPooler: boolean): Finding[] {
  const seen = processesSeen(facts);
  const { doorbells, listening, deafHosts } = facts;
  if (seen === 0) {
    if (here === 'nobody') return []; // said already
    const what =
      here === 'running'
        ? 'A Vigil runs here, but the database shows none of its connections.'
        : 'The database shows no running Vigil.';
    return [
      look('processes-unseen', what, {
        means: 'None uses this database, or a pooler hides its name: then who runs and who hears cannot be known.',
        todo: 'Look whether Vigil runs, and compare its database-url with that of the doctor.',
      }),
    ];
  }
  if (doorbells === 0 || deafHosts > 0 || listening < doorbells) {
    const deaf = Math.max(deafHosts, doorbells - listening);
    const what =
      doorbells === 0
        ? `None of ${runningInWords(seen)} hears the others.`
        : `${deaf} of at least ${runningInWords(seen)} may be deaf.`;
    return [
      look('deaf', what, {
        means: 'New work is found by polling, up to a second later. Nothing is lost.',
        todo: hasPooler
          ? 'Check that database-listen-url leads to Postgres itself. Behind a pooler this may also be an illusion.'
          : 'Look again in a minute. If it stays: where database-url is a pooler, set database-listen-url to Postgres itself.',
      }),
    ];
  }
  return [
    ok(
      'doorbell',
      seen === 1 ? '1 Vigil runs, and hears when work is queued.' : `${seen} Vigils run at least, and hear each other.`,
    ),
  ];
}

/** At least so many: two processes of one host without a doorbell look like one. */
export function processesSeen({ hosts, doorbells }: SessionFacts): number {
  return Math.max(hosts, doorbells);
}

function runningInWords(seen: number): string {
  return seen === 1 ? '1 running Vigil' : `${seen} running Vigils`;
}
