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
    /** What must be left of the limit for the call. */
    readonly neededUsd: number,
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
    const leftUsd = this.limitUsd - spentUsd;
    const { promptUsd, tokenUsd } = pricesOf(request);
    const neededUsd = promptUsd + Math.min(LEAST_ANSWER_TOKENS, request.maxOutputTokens) * tokenUsd;
    if (leftUsd < neededUsd) throw new MoneySpent(spentUsd, this.limitUsd, neededUsd);
    const maxOutputTokens = Math.min(Math.floor((leftUsd - promptUsd) / tokenUsd), request.maxOutputTokens);
    const reply = await this.inner.reply({ ...request, maxOutputTokens }, signal);
    return { ...reply, countedUsd: countedUsd(reply.model, reply.usage) };
  }
}

/** A cautious estimate: JSON in English has about four bytes a token, other scripts about three. */
const BYTES_PER_TOKEN = 3;

/** What the whole prompt costs at its dearest, and one token of the answer behind it. */
function pricesOf({ model, prefix, wires }: ModelRequest): { readonly promptUsd: number; readonly tokenUsd: number } {
  const bytes = wires.reduce((sum, wire) => sum + Buffer.byteLength(wire), Buffer.byteLength(prefix));
  const prompt = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: Math.ceil(bytes / BYTES_PER_TOKEN) };
  const promptUsd = countedUsd(model, { ...prompt, outputTokens: 0 });
  const millionUsd = countedUsd(model, { ...prompt, outputTokens: 1_000_000 }) - promptUsd;
  return { promptUsd, tokenUsd: millionUsd / 1_000_000 };
}
