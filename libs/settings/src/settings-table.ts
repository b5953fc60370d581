import {
  MAX_VARIABLES,
  type ServiceKind,
  USER_VARIABLE_NAME,
  VARIABLE_NAME,
  VARIABLE_NAME_RULE,
  variableNameProblem,
} from '@nexos/domain';
import type { Documentation, Setting } from './setting.js';
import { PATH_IN_REPOSITORY, URL_PATH } from './setting-rules.js';

/** BuildKit interprets arguments with these names as its own options. */
const ARGUMENT_NAME = new RegExp(`^(?!BUILDKIT_)${VARIABLE_NAME.source.slice(1)}`);
const MAX_GLOBS = 50;

/**
 * Defines every setting once: its valid values, its default, and where it can be set. The bodies and responses of the
 * API, `nexos.yaml` and its JSON Schema, the stored settings of a deployment, and all their types derive from it.
 */
export const SETTINGS = {
  dockerfile: {
    ...PATH_IN_REPOSITORY,
    project: true,
    file: 'build.dockerfile',
    default: 'Dockerfile',
    title: 'Dockerfile',
    description: 'Path of the Dockerfile, relative to the root of the repository.',
    examples: ['Dockerfile', 'apps/web/Dockerfile'],
  },
  build_context: {
    ...PATH_IN_REPOSITORY,
    project: true,
    file: 'build.context',
    default: '.',
    title: 'Build context',
    description: 'Directory that is sent to the build, relative to the root of the repository.',
    examples: ['.', 'apps/web'],
  },
  build_args: {
    kind: 'variables',
    names: ARGUMENT_NAME,
    nameProblem: argumentNameProblem,
    atMost: MAX_VARIABLES,
    file: 'build.args',
    default: {},
    title: 'Build arguments',
    description:
      'Values for the ARG instructions of the Dockerfile. Put no secrets here: they can be read back from the image. Numbers are used as written.',
    examples: [{ NODE_VERSION: 22 }],
  },
  build_timeout_seconds: {
    kind: 'integer',
    least: 10,
    most: 7_200,
    project: true,
    default: 900,
    title: 'Build timeout',
    description: 'Seconds after which a build is stopped and its deployment fails.',
    examples: [1800],
  },
  port: {
    kind: 'integer',
    least: 1,
    most: 65_535,
    project: true,
    file: 'app.port',
    default: 3000,
    title: 'Port',
    description: 'Port that the app listens on, passed to the app as PORT.',
    examples: [8080],
  },
  cpu: {
    kind: 'number',
    least: 0.05,
    most: 64,
    project: true,
    file: 'app.cpu',
    default: 0.5,
    title: 'Cores',
    description: 'CPU limit of the app in cores; part of it is reserved for the app.',
    examples: [0.5, 2],
  },
  memory_mb: {
    kind: 'integer',
    least: 16,
    most: 262_144,
    project: true,
    file: 'app.memory_mb',
    default: 512,
    title: 'Memory',
    description: 'Memory of the app in MiB: this much is reserved, and the app cannot use more.',
    examples: [512, 1024],
  },
  health_check_path: {
    ...URL_PATH,
    project: true,
    file: 'app.health_check_path',
    default: '/',
    title: 'Health check path',
    description:
      'Path of the health check: a new version takes over once GET on it returns a status below 500.',
    examples: ['/health'],
  },
  request_timeout_seconds: {
    kind: 'integer',
    least: 1,
    most: 3_600,
    project: true,
    file: 'app.request_timeout_seconds',
    default: 120,
    title: 'Request timeout',
    description:
      'Seconds that the app may take to begin a response, and be silent in the middle of one. A request that accepts text/event-stream has an hour.',
    examples: [600],
  },
  stop_grace_seconds: {
    kind: 'integer',
    least: 1,
    most: 600,
    project: true,
    file: 'app.stop_grace_seconds',
    default: 10,
    title: 'Stop grace period',
    description: 'Seconds between SIGTERM and SIGKILL when the app is replaced, paused or destroyed.',
    examples: [30],
  },
  'services.postgres': {
    kind: 'service',
    project: true,
    file: 'services.postgres',
    default: false,
    title: 'Postgres',
    description: 'Whether each environment has a Postgres database.',
    examples: [true],
  },
  'services.redis': {
    kind: 'service',
    project: true,
    file: 'services.redis',
    default: false,
    title: 'Redis',
    description: 'Whether each environment has a Redis database.',
    examples: [true],
  },
  'services.s3': {
    kind: 'service',
    project: true,
    file: 'services.s3',
    default: false,
    title: 'S3',
    description: 'Whether each environment has an S3 bucket.',
    examples: [false],
  },
  env: {
    kind: 'variables',
    names: USER_VARIABLE_NAME,
    nameProblem: variableNameProblem,
    atMost: MAX_VARIABLES,
    file: 'env',
    default: {},
    title: 'Environment variables',
    description:
      "Environment variables of the app. Put no secrets here; the project's environment variables override these. Numbers are used as written.",
    examples: [{ LOG_LEVEL: 'debug', FEATURE_X: true }],
  },
  'hooks.on_deploy': {
    kind: 'command',
    file: 'hooks.on_deploy',
    default: null,
    title: 'On each deployment',
    description: 'Command to run with each new version: a string for /bin/sh, or a list of arguments.',
    examples: ['npm run migrate', ['npm', 'run', 'migrate']],
  },
  'hooks.on_new': {
    kind: 'command',
    file: 'hooks.on_new',
    default: null,
    title: 'On a new environment',
    description: 'Command to run once in a new environment: a string for /bin/sh, or a list of arguments.',
    examples: ['npm run fixtures'],
  },
  'hooks.seed': {
    ...PATH_IN_REPOSITORY,
    file: 'hooks.seed',
    default: null,
    title: 'Seed',
    description: 'File in the repository with a dump that is restored into each new database.',
    examples: ['db/seed.sql'],
  },
  auto_deploy: {
    kind: 'boolean',
    project: true,
    column: 'autoDeploy',
    default: true,
    title: 'Deploy pushes',
    description: 'Whether pushes are deployed automatically.',
    examples: [true],
  },
  sleep_after_minutes: {
    kind: 'integer',
    least: 5,
    most: 43_200,
    project: true,
    column: 'sleepAfterMinutes',
    nullable: true,
    default: null,
    title: 'Sleep',
    description:
      'Minutes without a request after which an environment sleeps until the next request. Null: never.',
    examples: [60],
  },
  'branch_filter.include': {
    kind: 'globs',
    atMost: MAX_GLOBS,
    project: true,
    column: 'branchInclude',
    default: [],
    title: 'Included branches',
    description: 'Globs of the branches whose pushes are deployed. An empty list means all branches.',
    examples: [['main', 'feature/*']],
  },
  'branch_filter.exclude': {
    kind: 'globs',
    atMost: MAX_GLOBS,
    project: true,
    column: 'branchExclude',
    default: [],
    title: 'Excluded branches',
    description: 'Globs of the branches whose pushes are not deployed, even if they are included.',
    examples: [['dependabot/**']],
  },
  expires_after_days: {
    kind: 'integer',
    least: 1,
    most: 365,
    project: true,
    column: 'expiresAfterDays',
    nullable: true,
    default: null,
    title: 'Expiry',
    description: 'Days without a push or a deployment after which an environment is destroyed. Null: never.',
    examples: [14],
  },
} as const satisfies Record<string, Setting> & Record<`services.${ServiceKind}`, Setting>;

/** The part before a dot in the name of a setting, in the API or in `nexos.yaml`. */
export const SECTIONS = {
  build: { title: 'Build', description: 'How the image is built.' },
  app: { title: 'App', description: 'How the app runs.' },
  services: { title: 'Services', description: 'Services that the environments of the project share.' },
  hooks: { title: 'Hooks', description: 'What runs when an environment is created or deployed.' },
  branch_filter: { title: 'Branch filter', description: 'Which branches are deployed by a push.' },
} as const satisfies Record<SectionName, Documentation>;

type SectionOf<Path> = Path extends `${infer Section}.${string}` ? Section : never;
type Table = typeof SETTINGS;
type FileNames = { [K in keyof Table]: Table[K] extends { file: infer File } ? File : never }[keyof Table];
type SectionName = SectionOf<keyof Table> | SectionOf<FileNames>;

function argumentNameProblem(name: string): string | null {
  if (!VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return ARGUMENT_NAME.test(name) ? null : 'must not begin with BUILDKIT_, which BuildKit reserves';
}
