import { readChangeLine } from '../../domain/change-line';

/**
 * Text that says what caused the trouble, or what to do now. Systems tell what they met; a root cause and a remedy are
 * what the reader is to find, and whoever writes them into the data finds for him.
 */
export function verdictIn(line: string): boolean {
  const text = line
    .slice(0, MAX_CHARS)
    .replace(/[’]/g, "'")
    .replace(/%20|\+/g, ' ')
    .replace(JAVA, ' ');
  if (VERDICTS.some((sign) => sign.test(text))) return true;
  /* the title of a change may say what it mends: `fix: …`, `Roll back payments` */
  return readChangeLine(line) === undefined && !DIFF_LINE.test(line) && REMEDIES.some((sign) => sign.test(text));
}

const MAX_CHARS = 4_000;
/** A Java server's own word for the innermost exception. */
const JAVA = /\broot cause:? (?:java|javax|jakarta|org|com|io|net)\.[\w.$]{1,200}(?:Exception|Error)\b/gi;
const DIFF_LINE = /^ {4}\| /;

const TROUBLE =
  '(?:outage|incident|alert|alarm|degradation|slowdown|errors|failures|timeouts|problems?|issue|latency|spike|downtime|fire)';
const SURELY = '(?:clearly |obviously |likely |probably |really |definitely |certainly |actually |only |in fact )?';
const BE = '(?:is|was|are|were|lies|must be|seems to be|appears to be|turns out to be)';

const VERDICTS: readonly RegExp[] = [
  new RegExp(
    `\\broot[ _-]?causes?\\b(?: (?:of|for|behind) [^.;]{1,60}?)?["']?\\s?(?:[:=]|-+>|- |\\b${BE}\\b|\\b(?:confirmed|found|identified|has been))`,
    'i',
  ),
  new RegExp(
    `\\b(?:the|a|our|its|as|real|true|actual|likely|probable|sole|only|confirmed|identified) root[ _-]?cause\\b`,
    'i',
  ),
  new RegExp(
    `\\bthe (?:real |true |actual |likely |probable |only |underlying |main )?(?:cause|culprit|reason|(?:source|origin)(?= of (?:the|this|all)))(?: (?:of|for|behind) [^.;]{1,60}?)? ${BE} ${SURELY}(?!unknown|not known|unclear)`,
    'i',
  ),
  new RegExp(
    `\\b(?:is|was|are|were) ${SURELY}(?:the )?(?:real |true |actual |only |sole |main )?(?:culprit|at fault|to blame|guilty|cause of (?:the|this|that|all|our)\\b)`,
    'i',
  ),
  new RegExp(
    `(?:^|["'=:] ?|\\b(?:this|the|these|all|every|our) (?:\\w{1,20} ){0,2})${TROUBLE} (?:is|was|are|were|comes?|came) (?:all )?${SURELY}(?:caused by|due to|because of|from)\\b`,
    'i',
  ),
  /\b(?:diagnosis|verdict|culprit|conclusion|post-?mortem|rca)["']?\s?[:=] ?\S/i,
  /\bblame (?:it on |lies with |the |redis|postgres|dns|[a-z]+-\d)/i,
];

const ACT =
  '(?:re-?run|run|execute|restart|reboot|roll(?: it| them| \\S{1,40})? ?back|rollback|revert|fail ?over|scale|drain|kill|delete|drop|disable|enable|upgrade|downgrade|promote|rebuild|reinstall|purge|flush|apply|call|page|escalate|switch|turn off|shut down)';

const REMEDIES: readonly RegExp[] = [
  /\b(?:solution|workaround|remedy|mitigation|recommended (?:fix|action)|suggested (?:fix|action)|remediation|next step|action required|to fix(?: this| it)?)["']?\s?[:=,] ?\S/i,
  new RegExp(
    `(?:^|[^\\w])(?:hot)?fix["']?\\s?(?:[:=]|is) ?["']?(?:to |by |please |just |simply )?(?:${ACT}|set|increase|decrease|raise|lower|remove|add|use|install|patch|pin|reset|clear|kubectl|sudo|pg_\\w+|rm)\\b`,
    'i',
  ),
  new RegExp(`\\b${ACT}\\b[^.;]{1,60}\\b(?:now|immediately|at once|asap|right away|without delay)\\b`, 'i'),
  new RegExp(
    `\\b(?:please|simply|you (?:must|need to|have to)|operators? (?:must|should)|on-?call (?:must|should)) ${ACT}\\b`,
    'i',
  ),
  /(?:^|[.:;!,"'=(]\s?)downgrad(?:e|ing) (?:to|the|it|back|from|\S{1,40} (?:to|now|first|at once|immediately)\b)/i,
  /\b(?:downgrade|upgrade|rollback|restart|failover|reboot)s? (?:\S{1,40} )?(?:will |would )?(?:fix(?:es)?|solves?|resolves?|helps?)\b|\b(?:must|should|needs? to) be (?:rolled back|reverted|restarted|rebooted|downgraded|upgraded|promoted|drained)\b/i,
];
