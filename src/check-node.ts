import { nodeTooOld } from './node-version';

/** Imported before everything else: on an old Node the next import would end in a stack trace. */
const complaint = nodeTooOld(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}
