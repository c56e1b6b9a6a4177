/** The oldest Node that the packages below are written for. */
const NEEDED = { major: 22, minor: 18 };

/** The sentence for a Node that is too old; undefined: it will do. */
export function nodeTooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor)) return undefined;
  return (
    `Vigil needs Node ${NEEDED.major}.${NEEDED.minor} or newer; this is ${version}. ` +
    'Start it with `npm start`, which brings its own, or install a newer Node.'
  );
}
