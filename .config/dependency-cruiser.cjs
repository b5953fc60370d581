/**
 * The import rules of the architecture: which library may import which, and that no app imports another
 * app. One row per library.
 */
const LIBS = {
  domain: [],
  contracts: ['domain'],
  config: ['domain'],
  settings: ['domain'],
  database: ['domain', 'contracts', 'config', 'settings'],
  queue: ['domain', 'contracts', 'database', 'config'],
  engine: ['domain', 'config'],
  ingress: ['domain', 'config'],
  state: ['domain', 'contracts', 'config', 'settings', 'database'],
  logs: ['domain', 'contracts', 'config', 'database', 'state'],
  git: ['domain', 'config'],
  github: ['domain', 'config', 'database', 'state', 'crypto'],
  crypto: ['config'],
  backup: ['config'],
  'env-vars': ['domain', 'config', 'database', 'state', 'crypto'],
  client: [],
  observability: ['domain', 'contracts', 'config', 'database'],
};
const APPS = ['agent', 'api', 'builder', 'integrations', 'lifecycle', 'quota'];

const libRules = Object.entries(LIBS).map(([lib, allowed]) => ({
  name: `lib-${lib}-imports`,
  comment: `libs/${lib} may import only: ${allowed.join(', ') || 'no other library'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps|test|docker)/', pathNot: [`^libs/(${[lib, ...allowed].join('|')})/`] },
}));

const appRules = APPS.map((app) => ({
  name: `app-${app}-imports`,
  comment: 'No app imports another app, a test or a script.',
  severity: 'error',
  from: { path: `^apps/${app}/` },
  to: { path: '^(apps|test|docker)/', pathNot: [`^apps/${app}/`] },
}));

const listed = [...Object.keys(LIBS).map((lib) => `libs/${lib}`), ...APPS.map((app) => `apps/${app}`)];

module.exports = {
  forbidden: [
    {
      name: 'listed-above',
      comment:
        'A library without a row in LIBS, or an app that is not in APPS, may import nothing of this repository.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [`^(${listed.join('|')})/`] },
      to: { path: '^(libs|apps|test|docker)/' },
    },
    ...libRules,
    ...appRules,
    {
      name: 'domain-is-pure',
      comment: 'libs/domain is plain TypeScript: no package, no Node module, no I/O.',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'libs-by-their-name',
      comment: 'A library is imported through its index, never deep.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    },
    {
      name: 'tests-use-the-machine',
      comment:
        'Tests use setup through test/support/machine.ts. Only its own tests, and the commands demo, bench and test, import more of it.',
      severity: 'error',
      from: {
        path: '^test/',
        pathNot: [
          '^test/support/machine\\.ts$',
          '^test/(integration|full)/setup/',
          '^test/(demo|run)/',
          '^test/bench/main\\.ts$',
        ],
      },
      to: { path: '^docker/local/' },
    },
    {
      name: 'no-typeorm-in-apps',
      comment: 'Rows belong to libs/state: apps use its repositories and transitions.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm)/' },
    },
    {
      name: 'agent-is-small',
      comment: 'The agent runs on every machine, and reaches neither Postgres nor Redis.',
      severity: 'error',
      from: { path: '^apps/agent/' },
      to: { path: '^libs/(?!(config|contracts|domain|engine|ingress|observability)/)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      comment: 'Octokit publishes its types as packages without a module to resolve to.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@octokit/(openapi-types|webhooks-types|types)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/(demo/app|fixtures)/' },
    tsConfig: { fileName: 'tsconfig.build.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
