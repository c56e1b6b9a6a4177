/** Severities that teams use for the same thing. Anything else is shown in neutral, never in green. */
const COLOURS: ReadonlyMap<string, string> = new Map([
  ['critical', ':red_circle:'],
  ['page', ':red_circle:'],
  ['error', ':red_circle:'],
  ['warning', ':large_orange_circle:'],
  ['info', ':large_blue_circle:'],
]);

export function severityColour(severity: string): string {
  return COLOURS.get(severity.toLowerCase()) ?? ':white_circle:';
}
