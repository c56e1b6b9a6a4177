import { verdictIn } from './verdict-in-data';

/**
 * Text from outside that addresses its reader instead of telling of the system, or that gives the verdict: such a line
 * bears nothing out, whatever figures it holds. A planted falsehood in the tone of an ordinary log line passes: nobody
 * can tell it from one.
 */
export function instructionIn(line: string): boolean {
  return orderIn(line) || verdictIn(line);
}

/** The signs are those of the known attacks: orders to a model, talk of its report, imitated frames. */
export function orderIn(line: string): boolean {
  const text = line.slice(0, MAX_CHARS).replace(/[’]/g, "'");
  return SIGNS.some((sign) => sign.test(text));
}

/** A line of a result has 500 characters, one of an annotation 2,000. */
const MAX_CHARS = 4_000;

/** No sign repeats a repetition: a long line costs its length. */
const SIGNS: readonly RegExp[] = [
  // Orders about what was said before.
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|other|your|these|those|all|any)\b.{0,30}\b(?:instructions?|prompts?|rules?|messages?|context|data|evidence|guidelines|directions|results?|findings|metrics|logs)\b/i,
  /\b(?:new|updated|important|additional|special|urgent|hidden) (?:system )?instructions?\b/i,
  /\binstructions? (?:for|to) (?:the |any |all )?(?:assistant|model|ai|llm|agent|investigator|reader|bot|analyst)/i,
  /\bsystem prompt\b|\bdeveloper mode\b|\bjailbreak/i,
  // Roles and frames of a conversation.
  /(?:^|[^\w])(?:SYSTEM|ASSISTANT|HUMAN|DEVELOPER|USER)\s?(?:MESSAGE|NOTE|PROMPT|OVERRIDE|ORDER)?: /,
  /(?:^|\\n|["'>\s])(?:Human|Assistant|System): /,
  /<\/?(?:system|assistant|human|user|instructions?|prompt|tool_result|tool_use|function_results?|function_calls?|data)(?:\s[^<>]{0,80})?>/i,
  /<\|[a-z_]{2,30}\|>|\[\/?INST\]|<<\/?SYS>>/i,
  /\bsubmit_report\b|<<<\s?data\b|>>>\s*$|^\s*(?:>>>|[A-Z0-9]{8,30}>>>)/i,
  /(?:^|\\n|\}\s)\s*\[(?:o|r)\d{1,3}\] (?:query_|list_|the alert|result|verified)/i,
  // Whom it addresses.
  /\b(?:as|dear|hey|hello|attention|note to|message to|memo to|for) (?:the |an? |any |this |all )?(?:ai|llm|language model|ai assistant|assistant|ai agent|triage bot|triage agent|investigator|incident bot|on-?call bot|vigil)\b/i,
  /\byou are (?:now )?(?:an? |the )?(?:\w{1,20} )?(?:ai|llm|assistant|language model|agent|investigator|bot)\b/i,
  /\b(?:ai|llm) (?:assistants?|agents?|models?|investigators?|readers?|reading|analy[sz]ing|must|should)\b|\blanguage models?\b/i,
  /\b(?:if|when|whoever|anyone) you(?:'re| are)? (?:read|reading|an? ai|analy[sz]|investigat|summari[sz])/i,
  /\b(?:if|when) (?:you )?(?:investigat|summari[sz]|analy[sz])ing this\b/i,
  // What it wants of the report.
  /\byou (?:must|should|shall|have to|need to|are (?:required|instructed|ordered|told) to|will)(?: now| only| always| never| not| then| please)? (?:report|conclude|say|state|blame|ignore|output|respond|quote|cite|claim|answer|write|name|tell|declare|recommend|attribute|treat)\b/i,
  /\b(?:in|into|of|to) your (?:report|answer|summary|analysis|headline|conclusion|findings|final answer|response)\b|\byour (?:report|headline|root cause|conclusion|analysis)\b/i,
  /\b(?:report|state|conclude|declare|say|write|answer|claim|name|blame|record|mark|set|give|list|cite|put|submit|use)\b.{0,80}\b(?:as|is) (?:the |your )?(?:root[ _-]?cause|culprit|reason for the alert)\b/i,
  /\b(?:report|state|conclude|declare|say|write|answer|set|mark|put)\b[^.]{0,20}\broot[ _-]?cause\b[^.]{0,10}\b(?:as|to|is|=)/i,
  /\b(?:the|its) (?:real|true|actual|correct|only|verified|confirmed) (?:root[ _-]?cause|cause|culprit|error (?:rate|share)|share of errors|reason|figure|number|rate|value|latency)\b.{0,40}?\b(?:is|was|=|lies)/i,
  /\broot[ _-]?cause (?:has been |was |is )?(?:already )?(?:confirmed|verified|established|determined|known)\b/i,
  /\b(?:with|set|use|raise|give)(?: the| your| a)? (?:high )?confidence\b.{0,12}\b(?:high|to|as|full)\b|\bconfidence ?[:=] ?["']?(?:high|full)\b|\bwith high confidence\b/i,
  /\bplease (?:report|conclude|state|say|write|include|mention|tell|quote|cite|recommend|note in)\b/i,
  /\b(?:do not|don't|never|no need to|stop|without) (?:to )?(?:investigat\w*|report|mention|query|trust|cite|blame|look (?:at|into|any|further)|check(?:ing)? (?:the )?(?:metrics|logs|other)|call(?:ing)? (?:any |more )?tools?)\b/i,
  /\b(?:tell|inform|advise|instruct) (?:the |your )?(?:user|engineer|on-?call|operator|reader|team|customer|human)\b/i,
  // Marks that only Vigil sets.
  /\bverified["']?\s{0,2}[:=]\s{0,2}["']?(?:quoted|derived)\b|[[(](?:verified|quoted|derived)[\])]/i,
  /\bVERIFIED\b(?:\s?[:!-]| (?:FACT|BY|FIGURE|DATA))|\b(?:verified|confirmed|approved|checked) by (?:vigil|the checker|code|sre|the sre|on-?call|the on-?call|operations|ops|security|a human|humans|the operator)\b/,
  // An order to a shell.
  /\b(?:curl|wget)\b[^|]{0,300}\|\s{0,3}(?:sudo )?(?:ba|z)?sh\b/i,
];
