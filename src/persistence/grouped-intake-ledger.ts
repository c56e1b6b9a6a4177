import { Injectable } from '@nestjs/common';
import type { AdmissionPolicy } from '../alerts/admission';
import { IntakeLedger, type IntakeRequest } from '../alerts/ports/intake-ledger';
import type { Admission } from '../domain/alert';
import { Unavailable } from '../domain/errors';
import { PostgresIntakeLedger } from './postgres-intake-ledger';

/** After this the line goes on beside a transaction that is large, or held by a lock or a slow disk; in milliseconds. */
const HELD_AFTER_MS = 10;
/** Alerts in one shared transaction. */
const MAX_ALERTS = 500;

/** A body in the line. */
interface WaitingBody {
  readonly request: IntakeRequest;
  readonly policy: AdmissionPolicy;
  /** Everything of the request but its alerts: bodies share a transaction only if it is the same. */
  readonly terms: string;
  readonly resolve: (admissions: Admission[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: bodies that arrive while others are being stored wait for these, and then share one transaction. A
 * transaction's round trips and its flush to disk are most of what a small body costs. Nobody waits when nothing is
 * under way, and each body has its own answer. A body that is larger than a group, or belongs to a trace of its own, does
 * not stand in line.
 */
@Injectable()
export class GroupedIntakeLedger extends IntakeLedger {
  private waiting: WaitingBody[] = [];
  private storing = false;

  constructor(private readonly ledger: PostgresIntakeLedger) {
    super();
  }

  admit(request: IntakeRequest, policy: AdmissionPolicy): Promise<Admission[]> {
    const { alerts: _, quarantined: __, ...terms } = request;
    if (sizeOf(request) > MAX_ALERTS || request.traceContext !== undefined) return this.ledger.admit(request, policy);
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, policy, terms: JSON.stringify(terms), resolve, reject });
      // Bodies that were read in the same turn of the event loop meet in the line.
      setImmediate(() => this.storeNext());
    });
  }

  private storeNext(): void {
    if (this.storing || this.waiting.length === 0) return;
    this.storing = true;
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
      pass();
    });
  }

  /**
   * The first in the line, and those behind it that can go with it. Two bodies with the same alert never share a
   * transaction, nor does one overtake the other: to each the other's alert is one that came before or after its own.
   */
  private takeGroup(): WaitingBody[] {
    const group: WaitingBody[] = [];
    const left: WaitingBody[] = [];
    const seen = new Set<string>();
    let room = MAX_ALERTS;
    for (const body of this.waiting) {
      const fingerprints = body.request.alerts.map(({ fingerprint }) => fingerprint);
      const [first = body] = group;
      const fits = sizeOf(body.request) <= room && body.terms === first.terms && body.policy === first.policy;
      if (fits && !fingerprints.some((fingerprint) => seen.has(fingerprint))) {
        group.push(body);
        room -= sizeOf(body.request);
      } else {
        left.push(body);
      }
      for (const fingerprint of fingerprints) seen.add(fingerprint);
    }
    this.waiting = left;
    return group;
  }

  /** What fails for another reason than the database may fail for one body's sake: then each goes alone. */
  private async storeTogether(group: readonly WaitingBody[]): Promise<void> {
    const [first, ...others] = group;
    if (others.length === 0) return this.storeAlone(first!);
    const requests = group.map(({ request }) => request);
    const together = {
      ...first!.request,
      alerts: requests.flatMap(({ alerts }) => alerts),
      quarantined: requests.flatMap(({ quarantined }) => quarantined),
    };
    try {
      const admissions = (await this.ledger.admit(together, first!.policy)).values();
      for (const { request, resolve } of group) resolve(request.alerts.map(() => admissions.next().value!));
    } catch (error) {
      if (error instanceof Unavailable) for (const { reject } of group) reject(error);
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
