import { countInWords, momentInWords } from '../../domain/in-words';
import type { Notice, NoticeAbout } from '../../domain/notice';
import { header, section, type SlackMessage } from './slack-blocks';
import { PLAIN_MESSAGE_MAX, PREVIEW_MAX } from './slack-limits';
import { clip, proseLine } from './slack-text';

const TITLES: Readonly<Record<NoticeAbout, string>> = {
  money: "Vigil does not investigate: the day's money is spent",
  model_unavailable: 'Vigil does not investigate: no answer from the model',
};

const WHAT_TO_DO: Readonly<Record<NoticeAbout, string>> = {
  money:
    'To let them go on now, raise max-cost-usd-per-day and restart Vigil. Until then look into new alerts yourself.',
  model_unavailable:
    'They go on within a minute after the model answers again. Until then look into new alerts yourself.',
};

/** What happened, what it means, what to do. */
export function slackNotice(notice: Notice): SlackMessage {
  return {
    text: noticePreview(notice),
    blocks: [
      header(TITLES[notice.about]),
      ...section(proseLine(notice.happened)),
      ...section(`*${waitingInWords(notice)}* ${WHAT_TO_DO[notice.about]}`),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** The same without blocks. */
export function plainSlackNotice(notice: Notice): Omit<SlackMessage, 'blocks'> {
  const lines = [
    TITLES[notice.about],
    proseLine(notice.happened),
    `${waitingInWords(notice)} ${WHAT_TO_DO[notice.about]}`,
  ];
  return { text: clip(lines.join('\n'), PLAIN_MESSAGE_MAX), unfurl_links: false, unfurl_media: false };
}

/** On one line, as a push message shows it and a digest lists it. */
export function noticePreview(notice: Notice): string {
  return clip(`${TITLES[notice.about]}: ${waitingInWords(notice)}`, PREVIEW_MAX);
}

function waitingInWords({ about, waiting, goesOnAt }: Notice): string {
  if (waiting === 0) return 'No triage waits for it any more.';
  const verb = waiting === 1 ? 'waits' : 'wait';
  const until = about === 'money' && goesOnAt ? ` until ${momentInWords(goesOnAt)}` : '';
  return `${countInWords(waiting, 'triage')} ${verb}${until}; what was found so far is kept.`;
}
