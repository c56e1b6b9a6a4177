import type { Labels } from '../domain/alert';
import { CONFIDENCE_IN_WORDS, durationInWords } from '../domain/in-words';
import { markedText } from '../domain/marked-text';
import { formatLabels } from '../tools/fit';
import { oneLine } from '../domain/one-line';
import type { EarlierTriage, TriageHistory } from './ports/triage-history';
import type { BriefingSubject, SectionSource } from './section-source';

const MAX_TRIAGES = 5;
const MAX_HEADLINE_CHARS = 150;
const MAX_NAME_CHARS = 60;

/** What was concluded when this alert, or another of its name, was looked into before. */
export class EarlierTriagesSection implements SectionSource {
  readonly title = 'earlier triages of this alert and of its name';
  readonly maxChars = 2_600;

  constructor(private readonly history: TriageHistory) {}

  async gather({ triageId, alertName, firing, now }: BriefingSubject): Promise<string> {
    const { fingerprint, labels } = firing;
    const earlier = await this.history.earlier({ triageId, fingerprint, alertName }, MAX_TRIAGES);
    if (earlier.length === 0) return 'none: no triage of this alert, nor of its name, has ended before';
    const lines = earlier.map((one) => {
      const of =
        one.fingerprint === fingerprint ? 'this alert' : `the same name with ${differences(one.labels, labels)}`;
      const ago = durationInWords(Math.max(0, now.getTime() - one.completedAt.getTime()));
      return `- ${ago} before now, ${of}, ${outcomeOf(one)}: ${conclusionOf(one)}`;
    });
    return ['what a model concluded then, no facts about now; same alert first, newest first', ...lines].join('\n');
  }
}

function outcomeOf({ outcome, endedBy }: EarlierTriage): string {
  return endedBy === undefined || endedBy === 'answer' ? outcome : `${outcome} (${endedBy})`;
}

function conclusionOf({ conclusion }: EarlierTriage): string {
  if (!conclusion) return 'no report';
  const { headline, component, change, confidence, check } = conclusion;
  const marked = markedText(headline, 'headline', check);
  const recorded = check?.change === 'not_recorded' ? ' (not a recorded change)' : '';
  const caused = change === null ? 'no change named' : `change ${quoted(change, MAX_NAME_CHARS)}${recorded}`;
  const lowered = check?.claimedConfidence ? `, lowered from ${check.claimedConfidence}` : '';
  return `${quoted(marked, MAX_HEADLINE_CHARS)}; component ${quoted(component, MAX_NAME_CHARS)}, ${caused}; ${CONFIDENCE_IN_WORDS[confidence]}${lowered}${check ? '' : ', not checked by code'}`;
}

/** How its labels differ: where they do not, it was the same alert under another fingerprint. */
function differences(labels: Labels, own: Labels): string {
  const different = Object.entries(labels).filter(([name, value]) => own[name] !== value);
  return different.length === 0
    ? 'labels that are all here too'
    : oneLine(formatLabels(Object.fromEntries(different)), 120);
}

/** In quotes: what a model wrote cannot pass for our own words. */
function quoted(text: string, maxChars: number): string {
  return JSON.stringify(oneLine(text, maxChars));
}
