const CHANGE = /^- (?:deploy|commit|flag|config|incident|other), .{1,60}? the start \((\d{4}-\d\d-\d\dT[\d:.]+Z)\)/;

/** When a change of a change's line came, in Unix seconds; nothing for any other line. */
export function readChangeMoment(line: string): number[] {
  const at = CHANGE.exec(line)?.[1];
  return at ? [Date.parse(at) / 1000] : [];
}
