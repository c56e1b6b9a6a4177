import type { ModelConfig } from '../../config/slices';
import { connectionFault } from '../../domain/connection-fault';
import { BASE_URL } from './anthropic-model';

/** What a free request shows of the model's API. */
export type ApiLook =
  /** `isModelKnown` undefined: whatever stands there does not serve the list of models, as a gateway may not. */
  | { readonly kind: 'answers'; readonly isModelKnown?: boolean }
  | { readonly kind: 'refuses'; readonly status: number }
  /** It is there, and fails or is overloaded now. */
  | { readonly kind: 'struggles'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** The version of the Messages API that the SDK asks for (anthropic-version). */
const API_VERSION = '2023-06-01';

/** Asks for the description of the configured model: with the key, at no cost, and without a conversation. */
export async function lookAtApi(
  { apiKey, model, baseUrl = BASE_URL }: ModelConfig,
  signal: AbortSignal,
): Promise<ApiLook> {
  const url = `${baseUrl.replace(/\/+$/, '')}/v1/models/${encodeURIComponent(model)}`;
  try {
    const response = await fetch(url, {
      headers: { 'x-api-key': apiKey, 'anthropic-version': API_VERSION },
      redirect: 'manual',
      signal,
    });
    const said = await response.text();
    return readLook(response.status, said);
  } catch (error) {
    if (signal.aborted) return { kind: 'unreachable', reason: 'it does not answer in time' };
    return { kind: 'unreachable', reason: connectionFault(error) };
  }
}

function readLook(status: number, said: string): ApiLook {
  if (status === 200) return { kind: 'answers', isModelKnown: true };
  if (status === 404) return { kind: 'answers', isModelKnown: isOfThisModel(said) ? false : undefined };
  if (status === 429 || status >= 500) return { kind: 'struggles', status };
  if (status === 400 || status === 405) return { kind: 'answers' };
  return { kind: 'refuses', status };
}

/** `{"type":"error","error":{"type":"not_found_error","message":"model: …"}}`; a gateway without the path says otherwise. */
function isOfThisModel(said: string): boolean {
  return /"not_found_error"/.test(said) && /"message"\s*:\s*"model:/.test(said);
}
