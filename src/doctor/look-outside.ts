import type { ModelConfig, SlackConfig, ToolConfig } from '../config/slices';
import { connectionFault } from '../domain/connection-fault';
import { lookAtApi } from '../llm/anthropic/look-at-api';
import { AlertmanagerClient } from '../tools/alertmanager/alertmanager-client';
import { LokiClient } from '../tools/loki/loki-client';
import { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { bad, type Finding, look, ok } from './finding';

const HOUR_MS = 3_600_000;

/** By a request that costs nothing: the key is sent, no question is asked. */
export async function lookAtModel(config: ModelConfig, signal: AbortSignal): Promise<Finding> {
  const { model } = config;
  const seen = await lookAtApi(config, signal);
  const waits = 'Triages wait for it and go on by themselves.';
  switch (seen.kind) {
    case 'answers':
      if (seen.isModelKnown === false) {
        return bad('model-refuses', `The model's API does not know the model ${model}.`, {
          means: waits,
          todo: 'Correct claude-model and restart Vigil.',
        });
      }
      return ok(
        'model',
        seen.isModelKnown
          ? `The model's API takes the key and knows ${model}.`
          : "The model's API can be reached; whether it takes the key shows only in a call, which costs money.",
      );
    case 'refuses': {
      const why = seen.status === 401 ? 'does not know the key' : 'does not let this installation in';
      return bad('model-refuses', `The model's API ${why} (${seen.status}).`, {
        means: waits,
        todo: 'Correct claude-api-key (or claude-base-url, for a gateway) and restart Vigil.',
      });
    }
    case 'struggles':
      return look('model-struggles', `The model's API is there, but fails or is overloaded (${seen.status}).`, {
        means: waits,
        todo: "Look at the vendor's status page; 429 may be a rate limit of the account.",
      });
    case 'unreachable':
      return bad('model-unreachable', `The model's API cannot be reached: ${seen.reason}.`, {
        means: waits,
        todo: todoFor(seen.reason, 'claude-base-url'),
      });
  }
}

/** A backend is asked for little, in the way in which the tools ask it. */
export async function lookAtPrometheus({ prometheus }: ToolConfig, signal: AbortSignal): Promise<Finding> {
  const client = new PrometheusClient(prometheus);
  const answer = await inTime(client.query('count(up)', new Date(), signal), 'Prometheus', signal);
  if (answer.kind === 'failed') return backendUnreachable('Prometheus', answer.reason);
  const { result } = answer;
  const isEmpty = 'series' in result && result.series.length === 0;
  if (!isEmpty) return ok('prometheus', 'Prometheus answers, and has series.');
  return look('backend-empty', 'Prometheus answers, but has no series named up.', {
    means: 'It may be the wrong Prometheus or the wrong tenant: triages would find nothing.',
    todo: 'Check prometheus-endpoint and prometheus-tenant-id. Where metrics are only pushed, this is as it should be.',
  });
}

export async function lookAtLoki({ loki }: ToolConfig, signal: AbortSignal): Promise<Finding> {
  if (!loki) return ok('loki', 'Loki is not configured: triages read no logs.');
  const end = new Date();
  const range = { start: new Date(end.getTime() - HOUR_MS), end };
  const answer = await inTime(new LokiClient(loki).labels(range, signal), 'Loki', signal);
  if (answer.kind === 'failed') return backendUnreachable('Loki', answer.reason);
  if (answer.names.length > 0) return ok('loki', 'Loki answers, and has labels.');
  return look('backend-empty', 'Loki answers, but has no labels in the last hour.', {
    means: 'Nothing was logged to it, or it is the wrong tenant: triages would find no lines.',
    todo: 'Check loki-endpoint and loki-tenant-id, and that logs arrive.',
  });
}

export async function lookAtAlertmanager({ alertmanager }: ToolConfig, signal: AbortSignal): Promise<Finding> {
  if (!alertmanager) return ok('alertmanager', 'Alertmanager is not configured: silences are not known to triages.');
  // No alert has the name: the answer is short, however many fire.
  const asked = new AlertmanagerClient(alertmanager).alerts(['alertname="vigil doctor"'], signal);
  const answer = await inTime(asked, 'Alertmanager', signal);
  if (answer.kind === 'failed') return backendUnreachable('Alertmanager', answer.reason);
  return ok('alertmanager', 'Alertmanager answers.');
}

/** Only whether its host answers: to ask the webhook itself is to post. A dead one shows in the deliveries. */
export async function lookAtSlack({ webhookUrl }: SlackConfig, signal: AbortSignal): Promise<Finding[]> {
  if (!webhookUrl) return [];
  try {
    const response = await fetch(new URL('/', webhookUrl).origin, { method: 'HEAD', redirect: 'manual', signal });
    await response.body?.cancel();
    return [ok('slack', 'The host of the webhook answers; the webhook itself shows only in a post.')];
  } catch (error) {
    const reason = signal.aborted ? 'it does not answer in time' : connectionFault(error);
    return [
      bad('slack-unreachable', `The host of the Slack webhook cannot be reached: ${reason}.`, {
        means: 'Messages are kept and posted later, until give-up-after-hours.',
        todo: todoFor(reason, 'slack-webhook-url'),
      }),
    ];
  }
}

/** What mends a connection, by the words for what happened to it. */
const MENDS: readonly (readonly [words: RegExp, mend: (setting: string) => string])[] = [
  [/proxy that the environment/, () => 'Mend the proxy, or correct HTTPS_PROXY, HTTP_PROXY or NO_PROXY.'],
  [/certificate/, () => "Name its authority's certificate by ca-file and restart Vigil, or renew its own."],
  [/no org id/, (setting) => `Set ${setting.replace('endpoint', 'tenant-id')} and restart Vigil.`],
  [/credentials/, (setting) => `Correct the token, user or password that go with ${setting}, and restart Vigil.`],
  [/its name/, (setting) => `Correct the host in ${setting} and restart Vigil, or mend DNS on this machine.`],
  [
    /refused|no way|timed out|in time|took too long|was cut/,
    (setting) => `See whether it runs, and whether host and port of ${setting} can be reached from this machine.`,
  ],
];

function todoFor(reason: string, setting: string): string {
  const mend = MENDS.find(([words]) => words.test(reason))?.[1];
  return mend?.(setting) ?? `Check ${setting}, and the network from this machine.`;
}

/** The clients throw when they are told to hang up; here that is what was to be found out. */
async function inTime<T>(asked: Promise<T>, name: string, signal: AbortSignal): Promise<T | Silent> {
  return asked.catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return { kind: 'failed', reason: `${name} does not answer in time.` };
  });
}

interface Silent {
  readonly kind: 'failed';
  readonly reason: string;
}

function backendUnreachable(name: string, reason: string): Finding {
  return bad('backend-unreachable', forOperator(reason), {
    means: `Triages go on without ${name} and say so.`,
    todo: todoFor(reason, `${name.toLowerCase()}-endpoint`),
  });
}

/** The client's reasons go on with what a model can do about them. */
function forOperator(reason: string): string {
  return reason.split(/(?<=\.) /, 1)[0]!;
}
