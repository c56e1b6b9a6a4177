/** The address at which a person reads a triage: the signed link to its page. */
export abstract class TriageLinks {
  abstract linkTo(triageId: string): Promise<string>;
}
