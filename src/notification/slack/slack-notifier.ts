import { Injectable, Logger } from '@nestjs/common';
import { SlackConfig, ViewerConfig } from '../../config/slices';
import type { DeliveryOutcome } from '../../domain/delivery';
import { assertNever } from '../../domain/errors';
import type { EvidenceViewers } from '../../domain/evidence-link';
import type { Message } from '../message';
import { Notifier } from '../notifier';
import { readAnswer, type SlackOutcome } from './slack-answer';
import type { SlackMessage } from './slack-blocks';
import { plainSlackDigest, slackDigest } from './slack-digest';
import { MESSAGE_INTERVAL_MS } from './slack-limits';
import { plainSlackMessage, slackMessage } from './slack-message';
import { plainSlackNotice, slackNotice } from './slack-notice';

/** Slack answers with a word; what is longer is not Slack. Bytes. */
const ANSWER_MAX_BYTES = 4_096;

/**
 * Posts to a Slack incoming webhook. The URL of a webhook is the secret itself, and errors of the transport
 * carry it: nothing of a caught error but its code leaves this file.
 */
@Injectable()
export class SlackNotifier extends Notifier {
  readonly channel = 'slack';
  readonly intervalMs = MESSAGE_INTERVAL_MS;
  private readonly log = new Logger(SlackNotifier.name);

  constructor(
    private readonly config: SlackConfig,
    private readonly viewers: ViewerConfig,
  ) {
    super();
  }

  get configured(): boolean {
    return Boolean(this.config.webhookUrl);
  }

  get perHour(): number {
    return this.config.messagesPerHour;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { whole, plain } = written(message, this.viewers);
    const first = await this.post(whole, signal);
    if (first.outcome !== 'unreadable') return first;
    const triage_id = message.kind === 'report' ? message.triage.id : undefined;
    this.log.error(
      { kind: message.kind, triage_id, reason: first.reason },
      'Slack could not read the message: it is posted once more as plain text. This is a bug of Vigil; please report it.',
    );
    const second = await this.post(plain(), signal);
    if (second.outcome !== 'unreadable') return second;
    return { outcome: 'rejected', reason: `${second.reason}, even to plain text: read the report by its link` };
  }

  private async post(message: object, signal: AbortSignal): Promise<SlackOutcome> {
    const url = this.config.webhookUrl;
    if (!url) return { outcome: 'rejected', reason: 'slack-webhook-url is not set' };
    if (!isPostable(url))
      return { outcome: 'rejected', reason: 'slack-webhook-url is not an http(s) URL without user and password' };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal,
      });
      const text = await readStart(response);
      return readAnswer(
        { status: response.status, retryAfter: response.headers.get('retry-after') ?? undefined, text },
        url,
      );
    } catch (error) {
      return { outcome: 'retry', reason: transportTrouble(error, signal) };
    }
  }
}

/** A message as it is meant to be, and without blocks for the day on which Slack refuses them. */
function written(message: Message, viewers: EvidenceViewers): { whole: SlackMessage; plain: () => object } {
  switch (message.kind) {
    case 'report': {
      const { triage, link } = message;
      const links = { page: link, viewers };
      return { whole: slackMessage(triage, links), plain: () => plainSlackMessage(triage, links) };
    }
    case 'notice':
      return { whole: slackNotice(message.notice), plain: () => plainSlackNotice(message.notice) };
    case 'digest':
      return { whole: slackDigest(message.items), plain: () => plainSlackDigest(message.items) };
    default:
      return assertNever(message);
  }
}

/** fetch refuses other URLs with an error that quotes them. */
function isPostable(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return (
    (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') && parsed.username === '' && parsed.password === ''
  );
}

async function readStart(response: Response): Promise<string> {
  let bytes = Buffer.alloc(0);
  if (!response.body) return '';
  for await (const chunk of response.body) {
    bytes = Buffer.concat([bytes, chunk as Uint8Array]);
    if (bytes.length > ANSWER_MAX_BYTES) break;
  }
  return bytes.subarray(0, ANSWER_MAX_BYTES).toString('utf8');
}

function transportTrouble(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Slack did not answer in time';
  const { code } = (error as { cause?: { code?: unknown } } | undefined)?.cause ?? {};
  const word = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'no code';
  return `Slack could not be reached (${word})`;
}
