/**
 * The import law. Each rule carries its sentence: whoever breaks it reads why it stands. What a rule cannot see by
 * imports (process.env and argv outside src/config) is eslint's.
 */

/** main, vigil, app.module and what they start and stop with: they know every part. */
const ROOT = '^src/[^/]+\\.ts$';
const STAND_INS = '^(test/stand-ins|demo|lab|bench)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other lack a third thing: a noun or a port.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-imports-nothing',
      comment: 'The nouns are plain TypeScript: every part may speak them, so they depend on none, nor on a package.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'stages-meet-in-the-database',
      comment:
        'alerts, changes, triage and notification meet in the domain, in Postgres and by events; never by import.',
      severity: 'error',
      from: { path: '^src/(alerts|changes|triage|notification)/' },
      to: { path: '^src/(alerts|changes|triage|notification)/', pathNot: '^src/$1/' },
    },
    {
      name: 'persistence-is-bound-at-the-root',
      comment: 'A part names the port that it needs; which adapter serves it is the composition root’s affair.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/persistence/', ROOT] },
      to: { path: '^src/persistence/' },
    },
    {
      name: 'persistence-serves-ports',
      comment:
        'An adapter knows the nouns, the ports it serves, its slice of the configuration and the doorbells; and the ' +
        'admission policy, a pure function that the intake’s transaction asks in its middle.',
      severity: 'error',
      from: { path: '^src/persistence/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(persistence|domain|events)/',
          '/ports/',
          '^src/config/slices\\.ts$',
          '^src/notification/notifier\\.ts$',
          '^src/alerts/admission\\.ts$',
        ],
      },
    },
    {
      name: 'engine-knows-no-vendor',
      comment: 'The loop decides from a conversation and a budget: it knows no alerts, SQL, channel, HTTP or vendor.',
      severity: 'error',
      from: { path: '^src/triage/engine/' },
      to: {
        path: '^src/(alerts|persistence|notification|http|auth|llm/anthropic)/|node_modules/(pg|typeorm|express)/',
      },
    },
    {
      name: 'lower-parts-know-no-stage',
      comment: 'Tools, models and the briefing serve the stages: they do not know who calls them.',
      severity: 'error',
      from: { path: '^src/(tools|llm|briefing)/' },
      to: { path: '^src/(alerts|changes|triage|notification|persistence|http|auth)/' },
    },
    {
      name: 'anthropic-has-one-door',
      comment: 'The vendor’s SDK is imported in llm/anthropic alone: another model is another folder, nothing else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/llm/anthropic/' },
      to: { path: 'node_modules/@anthropic-ai/' },
    },
    {
      name: 'database-has-one-door',
      comment: 'TypeORM and pg are imported in persistence alone: SQL anywhere else is a port that is missing.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/persistence/' },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg|@types/pg)/' },
    },
    {
      name: 'opentelemetry-has-one-door',
      comment: 'The SDK is imported in one file, loaded only where tracing is on; all others speak the API alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/observability/tracing\\.ts$' },
      to: { path: 'node_modules/@opentelemetry/(?!api/)' },
    },
    {
      name: 'observers-are-not-known',
      comment:
        'health, observability and doctor read and listen; what they look at must not depend on being looked at.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(health|observability|doctor)/', ROOT] },
      to: { path: '^src/(health|observability|doctor)/', pathNot: '/ports/' },
    },
    {
      name: 'observers-ports-are-served-by-adapters',
      comment: 'What an observer asks is answered by an adapter, bound at the root.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(health|observability|doctor|persistence)/', ROOT] },
      to: { path: '^src/(health|observability|doctor)/ports/' },
    },
    {
      name: 'config-is-the-bottom',
      comment: 'Settings are read before anything else exists.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: '^src/(config|domain)/' },
    },
    {
      name: 'root-is-the-top',
      comment: 'Nothing imports the composition root but the root.',
      severity: 'error',
      from: { path: '^src/', pathNot: ROOT },
      to: { path: ROOT },
    },
    {
      name: 'program-knows-no-tests',
      comment: 'What runs in production does not live in test, demo, lab or bench, and needs no development package.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|demo|lab|bench)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'An installation without development packages must run.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'packages-are-declared',
      comment: 'A package that only another one brings vanishes with it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'stand-ins-are-the-other-side',
      comment: 'Stand-ins, demo, lab and bench are the other side of the wire: they share no code with the program.',
      severity: 'error',
      from: { path: STAND_INS },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'doctor-works-without-the-program',
      comment:
        'The doctor looks from outside, also when nothing runs: it takes part in no stage, and asks by the clients and ports.',
      severity: 'error',
      from: { path: '^src/doctor/' },
      to: { path: '^src/(alerts|changes|triage|notification|persistence|http|auth|health|observability)/' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere escapes every rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
