import { Injectable } from '@nestjs/common';
import type { AdmissionPolicy } from '../alerts/admission';
import { IntakeLedger, type IntakeRequest } from '../alerts/ports/intake-ledger';
import type { Admission, Alert } from '../domain/alert';
import { Unavailable } from '../domain/errors';
import { PostgresIntakeLedger } from './postgres-intake-ledger';

/**
 * After this the line goes on beside a transaction that is large, or held by a lock or a slow disk; in milliseconds. It is
 * about what a small one takes: with 10 a single alert waits longer beside a large body, and a tenth fewer are stored.
 */
const HELD_AFTER_MS = 3;
/** Alerts in one shared transaction. */
const MAX_ALERTS = 500;
/**
 * Transactions at once. More of them store nothing sooner, and a storm after a calm would open a connection for each: on
 * a machine that is busy those come too late, and the connections that are left are the workers'.
 */
const MAX_AT_ONCE = 4;
/**
 * Who has waited so long in the line hears that it could not be stored: its transaction takes its own time after that, and
 * Alertmanager waits ten seconds. Milliseconds.
 */
const MAX_WAIT_MS = 2_500;

/** A body in the line. */
interface WaitingBody {
  readonly request: IntakeRequest;
  readonly policy: AdmissionPolicy;
  readonly overdue: NodeJS.Timeout;
  readonly resolve: (admissions: Admission[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: bodies that arrive while others are being stored wait for these, and then share one transaction. A
 * transaction's round trips and its flush to disk are most of what a small body costs. Nobody waits when nothing is
 * under way, and each body has its own answer.
 */
@Injectable()
export class GroupedIntakeLedger extends IntakeLedger {
  private waiting: WaitingBody[] = [];
  /** The line waits for the last one begun. */
  private storing = false;
  private underWay = 0;

  constructor(private readonly ledger: PostgresIntakeLedger) {
    super();
  }

  admit(request: IntakeRequest, policy: AdmissionPolicy): Promise<Admission[]> {
    return new Promise((resolve, reject) => {
      const overdue = setTimeout(() => this.dismiss(body), MAX_WAIT_MS);
      const body: WaitingBody = { request, policy, overdue, resolve, reject };
      this.waiting.push(body);
      // Bodies that were read in the same turn of the event loop meet in the line.
      setImmediate(() => this.storeNext());
    });
  }

  private storeNext(): void {
    if (this.storing || this.underWay === MAX_AT_ONCE || this.waiting.length === 0) return;
    this.storing = true;
    this.underWay += 1;
    let passed = false;
    const pass = (): void => {
      if (passed) return;
      passed = true;
      this.storing = false;
      this.storeNext();
    };
    const held = setTimeout(pass, HELD_AFTER_MS);
    void this.storeTogether(this.takeGroup()).finally(() => {
      clearTimeout(held);
      this.underWay -= 1;
      pass();
      this.storeNext();
    });
  }

  private dismiss(body: WaitingBody): void {
    this.waiting = this.waiting.filter((each) => each !== body);
    body.reject(
      new Unavailable('db.unavailable', 'The database is too slow for all that comes in. Try again in a moment.'),
    );
  }

  /**
   * The first in the line, and those behind it that can go with it. Two bodies with the same alert share a transaction
   * only if both say that the same firing fires, as re-sends do; else none overtakes the other: to each the other's
   * alert is one that came before or after its own.
   */
  private takeGroup(): WaitingBody[] {
    const group: WaitingBody[] = [];
    const left: WaitingBody[] = [];
    const said = new Map<string, string>();
    let room = MAX_ALERTS;
    for (const body of this.waiting) {
      const [first = body] = group;
      const { alerts, cooldownMs } = body.request;
      const fits =
        (sizeOf(body.request) <= room || group.length === 0) &&
        cooldownMs === first.request.cooldownMs &&
        body.policy === first.policy &&
        alerts.every((alert) => isResend(alert, said.get(alert.fingerprint)));
      if (fits) {
        clearTimeout(body.overdue);
        group.push(body);
        room -= sizeOf(body.request);
      } else {
        left.push(body);
      }
      for (const alert of alerts) {
        const word = fits && isResend(alert, said.get(alert.fingerprint)) ? wordOf(alert) : NOT_TO_BE_JOINED;
        said.set(alert.fingerprint, word);
      }
    }
    this.waiting = left;
    return group;
  }

  /** What fails for another reason than the database may fail for one body's sake: then each goes alone. */
  private async storeTogether(group: readonly WaitingBody[]): Promise<void> {
    const requests = group.map(({ request }) => request);
    try {
      const admissions = await this.ledger.admitTogether(requests, group[0]!.policy);
      group.forEach(({ resolve }, i) => resolve(admissions[i]!));
    } catch (error) {
      if (error instanceof Unavailable || group.length === 1) for (const { reject } of group) reject(error);
      else await Promise.all(group.map((body) => this.storeAlone(body)));
    }
  }

  private async storeAlone({ request, policy, resolve, reject }: WaitingBody): Promise<void> {
    await this.ledger.admit(request, policy).then(resolve, reject);
  }
}

function sizeOf({ alerts, quarantined }: IntakeRequest): number {
  return alerts.length + quarantined.length;
}

/** What a body says of an alert that fires: which firing. */
const wordOf = ({ status, startsAt }: Alert): string =>
  status === 'firing' ? `since ${startsAt?.getTime()}` : NOT_TO_BE_JOINED;
const NOT_TO_BE_JOINED = '';

/** @param before what was said of the same alert by those before it in the line */
function isResend(alert: Alert, before: string | undefined): boolean {
  return before === undefined || (before !== NOT_TO_BE_JOINED && before === wordOf(alert));
}
