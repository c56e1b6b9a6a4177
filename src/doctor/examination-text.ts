import type { Finding } from './finding';

const ORDER = ['ok', 'look', 'bad'] as const;
const INDENT = ' '.repeat(6);

/** What others follow from, the deepest first; what is not named here is begun with as it comes. */
const CAUSES = [
  /^disk-full$/,
  /^(?:embedded|not-running|port)/,
  /^(?:database|schema)/,
  /^not-ready$/,
  /^model/,
  /^slack/,
  /^backend/,
];

/** For a person: what is well in a line each, and what is bad last, where the eye is when it is over. */
export function examinationText(findings: readonly Finding[]): string {
  const groups = ORDER.map((mark) =>
    findings
      .filter((finding) => finding.mark === mark)
      .map(findingText)
      .join('\n'),
  );
  return `${[...groups.filter(Boolean), summary(findings)].join('\n\n')}\n`;
}

/** For a program: a finding a line. */
export function examinationJson(findings: readonly Finding[]): string {
  return findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
}

function findingText(finding: Finding): string {
  const head = `${finding.mark.padEnd(INDENT.length)}${finding.about}: ${finding.what}`;
  if (finding.mark === 'ok') return head;
  return `${head}\n${INDENT}${finding.means}\n${INDENT}→ ${finding.todo}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (mark: Finding['mark']): number => findings.filter((finding) => finding.mark === mark).length;
  const [bad, look] = [count('bad'), count('look')];
  if (bad + look === 0) return 'All is well.';
  const looks = look === 0 ? '' : `, ${look} to look at`;
  const begin = bad > 1 ? ` Begin with ${beginning(findings)}.` : '';
  const bads = bad === 0 ? 'Nothing is bad' : bad === 1 ? '1 thing is bad' : `${bad} things are bad`;
  return `${bads}${looks}.${begin} Each name is explained in docs/operations.md.`;
}

function beginning(findings: readonly Finding[]): string {
  const names = findings.filter(({ mark }) => mark === 'bad').map(({ about }) => about);
  const cause = CAUSES.find((some) => names.some((name) => some.test(name)));
  return names.find((name) => cause === undefined || cause.test(name)) ?? '';
}
