import { Unavailable } from '../domain/errors';
import { LEAST_ANSWER_TOKENS } from './day-limit';
import { DelegatingModel } from './delegating-model';
import type { LanguageModel, ModelReply, ModelRequest } from './language-model';
import type { DayMoney } from './ports/day-money';
import { countedUsd } from './prices';

/** The day's money does not pay for the next call: whoever asked goes on when there is money again. */
export class MoneySpent extends Unavailable {
  constructor(
    readonly spentUsd: number,
    readonly limitUsd: number,
  ) {
    super('llm.money_spent', "The day's money for the model is spent.");
  }
}

/**
 * Asks what a call may cost before it is made: its prompt as if none of it were cached, and the longest answer it may
 * bring. Towards the end of the day's money answers are asked for shorter; what does not pay for a useful one is not
 * spent. Calls that are in flight at the same time do not see each other's cost: by so much the limit can be passed.
 */
export class MoneyLimitedModel extends DelegatingModel {
  constructor(
    inner: LanguageModel,
    private readonly money: DayMoney,
    private readonly limitUsd: number,
  ) {
    super(inner);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const spentUsd = await this.money.spentUsd();
    const affordable = answerTokensFor(this.limitUsd - spentUsd, request);
    if (affordable < Math.min(LEAST_ANSWER_TOKENS, request.maxOutputTokens)) {
      throw new MoneySpent(spentUsd, this.limitUsd);
    }
    const maxOutputTokens = Math.min(affordable, request.maxOutputTokens);
    const reply = await this.inner.reply({ ...request, maxOutputTokens }, signal);
    return { ...reply, countedUsd: countedUsd(reply.model, reply.usage) };
  }
}

/** A cautious estimate: JSON in English has about four bytes a token, other scripts about three. */
const BYTES_PER_TOKEN = 3;

/** How many tokens of answer `leftUsd` pays for, behind the whole prompt at its dearest; below 0 when not even that. */
function answerTokensFor(leftUsd: number, { model, prefix, wires }: ModelRequest): number {
  const bytes = wires.reduce((sum, wire) => sum + Buffer.byteLength(wire), Buffer.byteLength(prefix));
  const prompt = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: Math.ceil(bytes / BYTES_PER_TOKEN) };
  const promptUsd = countedUsd(model, { ...prompt, outputTokens: 0 });
  const millionUsd = countedUsd(model, { ...prompt, outputTokens: 1_000_000 }) - promptUsd;
  return Math.floor(((leftUsd - promptUsd) / millionUsd) * 1_000_000);
}
