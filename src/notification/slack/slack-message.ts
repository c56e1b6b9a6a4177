import { resolutionOf } from '../../domain/alert';
import { evidenceLinks, type EvidenceViewers } from '../../domain/evidence-link';
import { expenses } from '../../domain/expenses';
import { countInWords, dollarsInWords, durationInWords, momentInWords, truncationInWords } from '../../domain/in-words';
import { toldText } from '../../domain/marked-text';
import type { Triage } from '../../domain/triage';
import { endingInWords, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import { severityColour } from './severity-colour';
import { context, header, sections, type SlackBlock, type SlackMessage } from './slack-blocks';
import { ALL_BLOCKS_MAX, HEADER_MAX, PLAIN_MESSAGE_MAX, PREVIEW_MAX } from './slack-limits';
import { leftOut, reportLines, type Telling } from './slack-report';
import { clip, link, plainLine, prose, proseLine } from './slack-text';
import { VERDICT_SIGNS } from './verdict-signs';

/** Where the links of a message lead. */
export interface MessageLinks {
  /** The page of the triage. */
  readonly page: string;
  /** Where the queries behind the evidence are looked at. */
  readonly viewers: EvidenceViewers;
}

/** One triage as one message, inside Slack's limits whatever the report holds. */
export function slackMessage(triage: Triage, links: MessageLinks): SlackMessage {
  return { text: preview(triage), blocks: fitted(triage, links), unfurl_links: false, unfurl_media: false };
}

/** The same without blocks, for the day on which Slack refuses them: told shorter, and with the one link to the page. */
export function plainSlackMessage(triage: Triage, { page }: MessageLinks): Omit<SlackMessage, 'blocks'> {
  const lines = [title(triage, proseLine), ...groups(triage, 0.4, noLink).flat(), footer(triage)].filter(Boolean);
  const ending = `\n${pageLink(triage, page)}`;
  return {
    text: clip(lines.join('\n'), PLAIN_MESSAGE_MAX - ending.length) + ending,
    unfurl_links: false,
    unfurl_media: false,
  };
}

const noLink = (): undefined => undefined;

/** Texts grow when JSON writes them (quotes, line ends): the rare message that is too large as a whole is told shorter. */
function fitted(triage: Triage, { page, viewers }: MessageLinks): readonly SlackBlock[] {
  const linkOf = evidenceLinks(triage.conversations, viewers);
  const told = (share: number, links: Telling['linkOf']): SlackBlock[] =>
    layout(triage, page, groups(triage, share, links));
  const fits = (blocks: readonly SlackBlock[]): boolean => JSON.stringify(blocks).length <= ALL_BLOCKS_MAX;
  return [told(1, linkOf), told(0.4, linkOf)].find(fits) ?? told(0.4, noLink);
}

function layout(triage: Triage, page: string, lines: readonly (readonly string[])[]): SlackBlock[] {
  const last = [pageLink(triage, page), footer(triage)].filter(Boolean).join(' · ');
  return [header(title(triage, plainLine)), ...lines.flatMap(sections), ...context(last)];
}

/** The message between its header and its footer: lines that belong together stand in one group. */
function groups(triage: Triage, share: number, linkOf: Telling['linkOf']): string[][] {
  const { report, truncatedAlerts, endedBy, firings } = triage;
  const sign = VERDICT_SIGNS[verdictOf(triage)];
  const alert = aboutTheAlert(triage);
  const isOver = resolutionOf(firings) !== undefined;
  const told = report
    ? reportLines(report, { share, sign, alert, isOver, linkOf })
    : analysisLines(triage, { share, sign, alert });
  const truncated = truncatedAlerts ? `:warning: ${truncationInWords(truncatedAlerts)}` : '';
  const ending = report ? italic(endingInWords(endedBy)) : '';
  return [[resolvedLine(triage), ending], ...told, [truncated]];
}

/** @param written the form of the place where it stands: a header formats nothing, the plain message does */
function title(triage: Triage, written: (text: string) => string): string {
  return `${VERDICT_TITLES[verdictOf(triage)]}: ${written(triage.alertName) || 'alert without a name'}`;
}

/** Inert in every place: a client may show it in a list, on a lock screen, or as the message. */
function preview(triage: Triage): string {
  const { report, summary } = triage;
  const gist = report ? toldText(report.headline, 'headline', report.check) : (summary ?? '');
  const resolved = resolvedLine(triage) ? 'the alert has resolved meanwhile' : '';
  const parts = [clip(title(triage, proseLine), HEADER_MAX), resolved, proseLine(gist)];
  return clip(parts.filter(Boolean).join(': '), PREVIEW_MAX);
}

/** An alert that is over needs no one to get up, whatever the report says. */
function resolvedLine(triage: Triage): string {
  const resolution = resolutionOf(triage.firings);
  if (!resolution || triage.endedBy === 'resolved') return '';
  return `:white_check_mark: *The alert has resolved meanwhile*${resolution.at ? `, at ${momentInWords(resolution.at)}` : ''}.`;
}

function analysisLines(triage: Triage, { share, sign, alert }: Pick<Telling, 'share' | 'sign' | 'alert'>): string[][] {
  const { summary, analysis } = triage;
  const says = clip(proseLine(summary ?? ''), Math.floor(500 * share));
  return [
    [
      `${sign} ${says ? `The alert says: ${says}` : 'The alert says nothing more.'}`,
      alert,
      italic(noReportInWords(triage)),
    ],
    [clip(prose(analysis ?? '').replace(/\n{2,}/g, '\n'), Math.floor(1_500 * share))],
  ];
}

/** Any analysis but the model's own begins with why there is no report. */
function noReportInWords({ outcome, endedBy, analysis }: Triage): string | undefined {
  if (outcome === 'complete')
    return 'The model gave no structured report; this is what it wrote. Check it before you act on it.';
  return analysis ? undefined : endingInWords(endedBy);
}

function italic(ourWords: string | undefined): string {
  return ourWords ? `_${ourWords}_` : '';
}

/** Red is for what burns: without colour where the alert is over, or nobody has to hurry. */
function aboutTheAlert({ severity, firings, report }: Triage): string {
  const resolution = resolutionOf(firings);
  const isCalm = resolution !== undefined || report?.urgency === 'can_wait' || report?.urgency === 'none';
  const colour = isCalm ? '' : `${severityColour(severity ?? '')} `;
  const starts = firings.map((firing) => firing.startsAt.getTime());
  const since = starts.length > 0 ? momentInWords(new Date(Math.min(...starts))) : '';
  const fired = resolution
    ? `fired from ${since}${resolution.at ? ` to ${momentInWords(resolution.at)}` : ''}`
    : `firing since ${since}`;
  return [
    `${colour}${clip(proseLine(severity ?? ''), 60) || 'no severity'}`,
    since && fired,
    starts.length > 1 ? countInWords(starts.length, 'alert') : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function pageLink({ report }: Triage, page: string): string {
  const more = report && leftOut(report);
  const label = report ? `Whole report and conversation${more ? `: ${more}` : ''}` : 'The conversation behind it';
  return link(page, label) ?? '';
}

function footer(triage: Triage): string {
  const spent = expenses(triage.conversations);
  const model = triage.conversations[0]?.model;
  return [
    `took ${durationInWords(triage.runningMs)}`,
    ...(spent
      ? [countInWords(spent.toolCalls, 'tool call'), countInWords(spent.tokensIn + spent.tokensOut, 'token')]
      : []),
    ...(spent && spent.costUsd !== null ? [dollarsInWords(spent.costUsd)] : []),
    ...(model ? [clip(proseLine(model), 100)] : []),
    `triage ${clip(proseLine(triage.id), 100)}`,
  ].join(' · ');
}
