/** Preloaded to look like a platform for which the profiler has no binary. */
const { registerHooks } = require('node:module');

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@datadog/pprof') throw new Error('no native build was found for this platform');
    return next(specifier, context);
  },
});
