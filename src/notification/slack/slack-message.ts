import { resolutionOf } from '../../domain/alert';
import { expenses } from '../../domain/expenses';
import { countInWords, dollarsInWords, durationInWords, momentInWords, truncationInWords } from '../../domain/in-words';
import type { Triage } from '../../domain/triage';
import { endingInWords, VERDICT_TITLES, verdictOf } from '../../domain/verdict';
import { severityColour } from './severity-colour';
import { context, fieldsSection, header, section, type SlackBlock, type SlackMessage } from './slack-blocks';
import { ALL_BLOCKS_MAX, PLAIN_MESSAGE_MAX, PREVIEW_MAX } from './slack-limits';
import { reportBlocks } from './slack-report';
import { clip, link, plainLine, prose, proseLine } from './slack-text';

/** One triage as one message, inside Slack's limits whatever the report holds. */
export function slackMessage(triage: Triage, pageUrl: string): SlackMessage {
  return { text: preview(triage), blocks: fitted(triage, pageUrl), unfurl_links: false, unfurl_media: false };
}

/** The same without blocks, for the day on which Slack refuses them: the reader gets the gist and the link. */
export function plainSlackMessage(triage: Triage, pageUrl: string): Omit<SlackMessage, 'blocks'> {
  const report = triage.report;
  const gist = report
    ? [preview(triage), proseLine(report.rootCause.statement), ...report.actions.map((a) => `• ${proseLine(a.action)}`)]
    : [preview(triage), prose(triage.analysis ?? '')];
  const ending = `\n${link(pageUrl, 'The report and the conversation behind it') ?? ''}`;
  return {
    text: clip(gist.join('\n'), PLAIN_MESSAGE_MAX - ending.length) + ending,
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** Texts grow when JSON writes them (quotes, line ends): the rare message that is too large as a whole is told shorter. */
function fitted(triage: Triage, pageUrl: string): readonly SlackBlock[] {
  const fits = (blocks: readonly SlackBlock[]): boolean => JSON.stringify(blocks).length <= ALL_BLOCKS_MAX;
  const whole = layout(triage, pageUrl, 1);
  return fits(whole) ? whole : layout(triage, pageUrl, 0.4);
}

function layout(triage: Triage, pageUrl: string, share: number): SlackBlock[] {
  return [
    header(title(triage)),
    ...section(resolvedLine(triage)),
    ...section(triage.report ? italic(endingInWords(triage.endedBy)) : ''),
    ...(triage.report ? reportBlocks(triage.report, share) : analysisBlocks(triage, share)),
    ...fieldsSection(aboutTheAlert(triage)),
    ...section(triage.truncatedAlerts ? `:warning: ${truncationInWords(triage.truncatedAlerts)}` : ''),
    ...context(footer(triage)),
    ...section(link(pageUrl, `Read the ${triage.report ? 'whole report and the ' : ''}conversation behind it`) ?? ''),
  ];
}

function title(triage: Triage): string {
  return `${VERDICT_TITLES[verdictOf(triage)]}: ${plainLine(triage.alertName) || 'alert without a name'}`;
}

function preview(triage: Triage): string {
  const gist = plainLine(triage.report?.headline ?? triage.summary ?? '');
  return clip(gist ? `${title(triage)}: ${gist}` : title(triage), PREVIEW_MAX);
}

/** An alert that is over needs no one to get up, whatever the report says. */
function resolvedLine(triage: Triage): string {
  const resolution = resolutionOf(triage.firings);
  if (!resolution || triage.endedBy === 'resolved') return '';
  return `:white_check_mark: *The alert has resolved meanwhile*${resolution.at ? `, at ${momentInWords(resolution.at)}` : ''}.`;
}

function analysisBlocks(triage: Triage, share: number): SlackBlock[] {
  return [
    ...section(triage.summary ? proseLine(triage.summary) : '', 1_000 * share),
    ...section(italic(noReportInWords(triage))),
    ...section(prose(triage.analysis ?? ''), 2_900 * share),
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

function aboutTheAlert(triage: Triage): string[] {
  const severity = triage.severity ? proseLine(triage.severity) : '';
  const starts = triage.firings.map((firing) => firing.startsAt.getTime());
  return [
    `*Severity*\n${severityColour(severity)} ${clip(severity || 'not given', 200)}`,
    starts.length > 0 ? `*Firing since*\n${momentInWords(new Date(Math.min(...starts)))}` : '',
    starts.length > 1 ? `*Alerts*\n${countInWords(starts.length, 'alert')}` : '',
  ];
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
    `triage ${proseLine(triage.id)}`,
  ].join(' · ');
}
