/**
 * The arrows between files: `routes → operations → core` and `operations → repository → store`.
 *
 * It parses with TypeScript 6, which is installed as `typescript` for this alone; types are checked by TypeScript 7
 * (`@typescript/native`), which has no interface that this tool could use. An `import type` counts like any other.
 */

const TESTS = '[.]test[.]ts$'

/**
 * The core: in a resource's folder, each file that is not one of its layers (charges/charge.ts, balance/fees.ts). A
 * layer that is spread over more files names them here: parameters belong to the routes, the last four to operations.
 */
const LAYERS =
  '(routes|parameters|operations|repository|render|audit-reading|audit-due-reading|audit-creations-reading|audit-tables|recording|charge-refunds|bank-data|due)[.]ts$'
const RESOURCES =
  '(balance|bank-accounts|cards|charges|customers|disputes|early-fraud-warnings|events|files|ledger|payouts|radar|refunds|reviews|sources|tokens)'
const CORE = `^src/(money[.]ts$|${RESOURCES}/(?!${LAYERS})[^/]+[.]ts$)`

/** Modules of Node without input or output. All others are denied to the core, those that Node gets later too. */
const PURE_NODE = '^(assert(/strict)?|buffer|punycode|querystring|string_decoder|url|util(/types)?)$'

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or hide a third. (Types may refer to each other.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'What is imported must exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'routes-only-from-server',
      comment: 'Nothing imports routes but server.ts, which puts them together.',
      severity: 'error',
      from: { pathNot: ['^src/server[.]ts$', TESTS] },
      to: { path: '^src/.*/routes[.]ts$' },
    },
    {
      name: 'routes-to-operations',
      comment: 'Routes call operations: a repository or the store is not theirs.',
      severity: 'error',
      from: { path: '/routes[.]ts$' },
      to: { path: '(/repository[.]ts$|^src/store/)' },
    },
    {
      name: 'operations-not-up',
      comment: 'Operations know nothing of HTTP but the API version, an argument of theirs: anything could call them.',
      severity: 'error',
      from: { path: '/operations[.]ts$' },
      to: { path: '(/routes[.]ts$|^src/http/|^node_modules/fastify)', pathNot: '^src/http/versions/version[.]ts$' },
    },
    {
      name: 'render-knows-the-core',
      comment: 'Rendering is a function of the object: it reads nothing more.',
      severity: 'error',
      from: { path: '/render[.]ts$' },
      to: { path: '(/(routes|operations|repository)[.]ts$|^src/store/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'repository-is-sql-only',
      comment: 'A repository holds SQL and nothing else: it knows the store and the types of its core.',
      severity: 'error',
      from: { path: '/repository[.]ts$' },
      to: { path: '(/(routes|operations|render)[.]ts$|^src/http/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'repository-of-its-own',
      comment:
        'Resources meet through operations and core functions, never through each other’s repository (the ledger is no resource: all post to it, and its audit reads all rows).',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: [TESTS, '^src/ledger/audit(-due|-creations)?-reading[.]ts$'] },
      to: { path: '^src/([^/]+)/repository[.]ts$', pathNot: '^src/($1|ledger)/' },
    },
    {
      name: 'store-behind-its-port',
      comment: 'SQLite is chosen in one place: the others know the port, src/store/store.ts.',
      severity: 'error',
      from: { pathNot: ['^src/(store|cli|testing)/', '^src/server[.]ts$', '^(bench|test)/', TESTS] },
      to: { path: '^src/store/(sqlite|postgres)/' },
    },
    {
      name: 'core-is-pure',
      comment:
        'The core decides: no input or output, no clock, no chance. It is checked by reading it, and by properties.',
      severity: 'error',
      from: { path: CORE, pathNot: TESTS },
      to: {
        path: [`/${LAYERS}`, '^src/(cli|clock|control|http|testing|vault)/', '^src/store/', '^src/server[.]ts$'],
      },
    },
    {
      name: 'core-without-node',
      comment: 'As core-is-pure: no modules of Node but those that only compute.',
      severity: 'error',
      from: { path: CORE, pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: PURE_NODE },
    },
    {
      name: 'core-without-libraries',
      comment: 'As core-is-pure: what moves money is all in this repository.',
      severity: 'error',
      from: { path: CORE, pathNot: TESTS },
      to: { path: 'node_modules' },
    },
    {
      name: 'errors-import-types-only',
      comment: 'Anything may import the catalogue of errors, so at run time it needs nothing but money and text.',
      severity: 'error',
      from: { path: '^src/errors[.]ts$' },
      to: { pathNot: '^src/(money|characters)[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tests-are-imported-by-none',
      comment: 'The kit for tests is for tests, and a test for nobody.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', TESTS] },
      to: { path: [`^src/testing/`, TESTS] },
    },
    {
      name: 'src-stands-alone',
      comment: 'What ships needs nothing that does not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|web)/' },
    },
    {
      name: 'web-takes-the-core-alone',
      comment: 'What a browser loads is small, and has the same rules of cards as the server: its core, nothing else.',
      severity: 'error',
      from: { path: '^web/', pathNot: TESTS },
      to: {
        path: '^src/',
        pathNot: '^src/cards/(brands|card|card-number|expiry)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
}
