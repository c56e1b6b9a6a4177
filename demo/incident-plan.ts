/**
 * The bundled incident: an online shop (storefront → checkout → payments and inventory) whose checkout answers errors.
 * A deploy of one service behind it brought the fault; a deploy of another, nearer to the alert, looks guilty and is
 * not. Everything is computed from these parameters: shift them, and what there is to find shifts.
 */
export interface IncidentPlan {
  readonly now: Date;
  /** Its new version fails; it must be one of the services behind the checkout. */
  readonly culprit: Deploy;
  /** Its new version is busy for a while (CPU, latency, warnings) and fails no more than before. */
  readonly decoy: Deploy;
  /** False: the culprit's new version works, and nothing is to be found. */
  readonly faultOn: boolean;
  /** Share of the culprit's requests that fail after its deploy. */
  readonly errorShare: number;
  /** When the alert began to fire. */
  readonly alertMinutesAgo: number;
}

export interface Deploy {
  readonly service: Behind;
  readonly minutesAgo: number;
  readonly version: string;
  readonly revision: string;
  readonly previousVersion: string;
  readonly previousRevision: string;
}

export type Behind = 'payments' | 'inventory';
export type Service = 'storefront' | 'checkout' | Behind;
export const SERVICES: readonly Service[] = ['storefront', 'checkout', 'payments', 'inventory'];

/** The first failures come when the new version has taken over. */
export const TAKEOVER_SECONDS = 20;
/** Of the checkout's requests, those that need the service behind it. */
export const CHECKOUT_SHARE = 0.8;
/** Of the storefront's requests, those that are a checkout. */
const STOREFRONT_SHARE = 0.3;

/** The incident as it is bundled. */
export function bundledPlan(now: Date): IncidentPlan {
  return {
    now,
    culprit: {
      service: 'payments',
      minutesAgo: 19,
      version: '2.14.0',
      revision: '9f3c2e1',
      previousVersion: '2.13.4',
      previousRevision: '41be07d',
    },
    decoy: {
      service: 'inventory',
      minutesAgo: 14,
      version: '5.3.0',
      revision: 'c07d4aa',
      previousVersion: '5.2.9',
      previousRevision: '8e15b92',
    },
    faultOn: true,
    errorShare: 0.34,
    alertMinutesAgo: 12,
  };
}

/** Unix seconds of a moment before now. */
export function secondsAt(plan: IncidentPlan, minutesAgo: number): number {
  return Math.floor(plan.now.getTime() / 1000) - Math.round(minutesAgo * 60);
}

/** Share of a service's requests that fail by design at a moment: its own fault, or that of the service behind it. */
export function failingShare(plan: IncidentPlan, service: Service, unixSeconds: number): number {
  const fault = plan.faultOn && unixSeconds >= secondsAt(plan, plan.culprit.minutesAgo) + TAKEOVER_SECONDS;
  if (!fault) return 0.002;
  if (service === plan.culprit.service) return plan.errorShare;
  if (service === 'checkout') return plan.errorShare * CHECKOUT_SHARE;
  return service === 'storefront' ? plan.errorShare * CHECKOUT_SHARE * STOREFRONT_SHARE : 0.002;
}

/** The deploy of a service, if it had one. */
export function deployOf(plan: IncidentPlan, service: Service): Deploy | undefined {
  return [plan.culprit, plan.decoy].find((deploy) => deploy.service === service);
}

/** The version that served at a moment. */
export function servedBy(
  plan: IncidentPlan,
  service: Service,
  unixSeconds: number,
): { version: string; revision: string } {
  const deploy = deployOf(plan, service);
  if (!deploy)
    return service === 'checkout'
      ? { version: '7.8.1', revision: 'd2a90f4' }
      : { version: '3.0.2', revision: '77aa1c0' };
  const isNew = unixSeconds >= secondsAt(plan, deploy.minutesAgo);
  return {
    version: isNew ? deploy.version : deploy.previousVersion,
    revision: isNew ? deploy.revision : deploy.previousRevision,
  };
}

/** A number in [0, 1) that looks like chance and is the same for the same words. */
export function chance(...words: readonly (string | number)[]): number {
  let hash = 2_166_136_261;
  for (const letter of words.join('/')) hash = Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
}
