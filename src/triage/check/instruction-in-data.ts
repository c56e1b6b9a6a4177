const ORDERS =
  /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|rules)\b|\byou are now\b|\bsystem prompt\b|^\s*(?:human|assistant|system)\s*:/i;

/** Whether a line of data tries to give orders to the one who reads it. */
export function instructionIn(line: string): boolean {
  return ORDERS.test(line.slice(0, 2_000));
}
