'use strict';

/** Lets a plain `node -r` run src as jest does: the owner of a data directory has to be a process that can be killed. */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (
  /** @type {any} Node's own module, with its undocumented _compile */ module,
  /** @type {string} */ filename,
) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2023' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};
