import { calls, overloaded, rateLimited } from '../stand-ins/anthropic-answer.ts';
import type { Answer, Fault, Reply } from '../stand-ins/anthropic-answer.ts';
import { openingText, toolResults } from '../stand-ins/anthropic-request.ts';
import type { ParsedRequest } from '../stand-ins/anthropic-request.ts';
import { SUBJECT_OF_QUERY } from './backend.ts';
import type { Seeded } from './seeded.ts';

/** Share of the requests that end badly on the model's side. */
const FAULTY = 0.07;
/** Share of the triages whose first report is sent back. */
const FAULTY_REPORT = 0.2;
const THINKS_MS = [150, 1_400] as const;

/** The model: for each alert some turns of one to four parallel calls, then the report, each after a while. */
export class Investigator {
  private readonly seeded: Seeded;
  /** Openings in the order in which they were first seen: the number makes a conversation's queries its own. */
  private readonly openings: string[] = [];
  private readonly asked = new Map<string, number>();

  constructor(seeded: Seeded) {
    this.seeded = seeded;
  }

  /** @returns what it says to this request, and after how long */
  answer(request: ParsedRequest): { answer: Answer; afterMs: number } {
    const opening = openingText(request);
    if (!this.openings.includes(opening)) this.openings.push(opening);
    const conversation = this.openings.indexOf(opening) + 1;
    const subject = /instance: (chaos-\d+)/.exec(opening)?.[1] ?? 'unknown';
    const turn = request.messages.filter(({ role }) => role === 'assistant').length;
    const place = `${conversation}/${turn}`;
    const times = (this.asked.get(place) ?? 0) + 1;
    this.asked.set(place, times);

    const said = this.turnOf(request, subject, conversation, turn);
    const chance = this.seeded.of(`${subject}/${turn}/${times}`);
    const afterMs = chance.whole(...THINKS_MS);
    return chance.chance(FAULTY) ? { answer: faultOf(chance, said), afterMs: afterMs / 4 } : { answer: said, afterMs };
  }

  /** The same at each time of asking. */
  private turnOf(request: ParsedRequest, subject: string, conversation: number, turn: number): Reply {
    const plan = this.seeded.of(subject);
    const turns = plan.whole(1, 4);
    const isFaultyAtFirst = plan.chance(FAULTY_REPORT);
    if (turn >= turns)
      return calls({ name: 'submit_report', input: reportOn(request, isFaultyAtFirst && turn === turns) });
    const parallel = plan.of(`turn ${turn}`).whole(1, 4);
    const queries = Array.from(
      { length: parallel },
      (_, i) => `${SUBJECT_OF_QUERY} * ${conversation}.0${turn + 1}0${i + 1}`,
    );
    return calls(...queries.map((query) => ({ name: 'query_metrics', input: { query } })));
  }
}

function faultOf(chance: Seeded, reply: Reply): Fault {
  return chance.pick<Fault>([
    rateLimited(1),
    overloaded(),
    { fault: 'status', status: 500 },
    { fault: 'reset' },
    { fault: 'cut', reply },
    { fault: 'ended_early', reply },
    { fault: 'stream_error', reply },
  ]);
}

/** @param isFaulty with a figure that stands nowhere: it comes back once */
function reportOn(request: ParsedRequest, isFaulty: boolean): object {
  const [result] = toolResults(request);
  const quote = /^\w*\{.*$/m.exec(result?.text ?? '')?.[0];
  return {
    headline: isFaulty ? 'payments fails 97.3 %' : 'payments is up',
    what_is_happening: 'Nothing that can be seen.',
    root_cause: { statement: 'Not known.', component: 'payments', change: null, confidence: 'unknown' },
    affected: [],
    evidence: quote && !isFaulty ? [{ claim: 'payments is up', source: 'r1', quote }] : [],
    ruled_out: [],
    actions: [{ action: 'Look again', urgency: 'can_wait' }],
    could_not_check: [],
    flags: [],
  };
}
