import type { Answer } from './anthropic-answer.ts';
import type { ParsedRequest } from './anthropic-request.ts';

/** Plays the model. `n` counts the well-formed requests from 0. What it throws is a fault of the test. */
export interface Script {
  (request: ParsedRequest, n: number): Answer | Promise<Answer>;
  /** Steps that were not played; a script without a fixed length has none. */
  leftOver?(): number;
}

/** One entry of a fixed list. */
export type Step = Answer | ((request: ParsedRequest, n: number) => Answer | Promise<Answer>);

/** A fixed list of answers, one a request, refused requests not counted. A request beyond its end is a fault. */
export function steps(list: readonly Step[]): Script {
  let played = 0;
  const script: Script = (request, n) => {
    const step = list[played];
    if (step === undefined) throw new Error(`unexpected step: the script has ${list.length}, this is request ${n + 1}`);
    played += 1;
    return typeof step === 'function' ? step(request, n) : step;
  };
  script.leftOver = () => list.length - played;
  return script;
}
