import {
  MAX_VARIABLES,
  type ServiceKind,
  USER_VARIABLE_NAME,
  VARIABLE_NAME,
  VARIABLE_NAME_RULE,
  variableNameProblem,
} from '@nexos/domain';
import type { Setting, Words } from './setting.js';
import { PATH_IN_REPOSITORY, URL_PATH } from './setting-rules.js';

/** BuildKit takes arguments of these names as orders to itself. */
const ARGUMENT_NAME = new RegExp(`^(?!BUILDKIT_)${VARIABLE_NAME.source.slice(1)}`);
const GLOBS_AT_MOST = 50;

/**
 * Every setting, once: what it may be, what it is where nobody sets it, and who may set it. The API's bodies and answers,
 * `nexos.yaml` and its JSON Schema, what a deployment keeps and the types of all of them follow from it.
 */
export const SETTINGS = {
  dockerfile: {
    ...PATH_IN_REPOSITORY,
    project: true,
    file: 'build.dockerfile',
    default: 'Dockerfile',
    title: 'Dockerfile',
    description: 'Relative to the root of the repository.',
    examples: ['Dockerfile', 'apps/web/Dockerfile'],
  },
  build_context: {
    ...PATH_IN_REPOSITORY,
    project: true,
    file: 'build.context',
    default: '.',
    title: 'Build context',
    description: 'The folder that is sent to the build, relative to the root of the repository.',
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
      'Values for the ARG lines of the Dockerfile. They can be read back from the image: no secrets. A number is taken as it is written.',
    examples: [{ NODE_VERSION: 22 }],
  },
  build_timeout_seconds: {
    kind: 'integer',
    least: 10,
    most: 7_200,
    project: true,
    default: 900,
    title: 'Build timeout',
    description: 'A build that takes longer is stopped, and its deployment fails.',
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
    description: 'The port that the app listens on; the app is told it as PORT.',
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
    description: 'The limit of the app in cores, of which a part is reserved.',
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
    description: 'In MiB; reserved for the app, and its limit.',
    examples: [512, 1024],
  },
  health_check_path: {
    ...URL_PATH,
    project: true,
    file: 'app.health_check_path',
    default: '/',
    title: 'Health path',
    description: 'A new version takes over once GET on this path answers below 500.',
    examples: ['/health'],
  },
  stop_grace_seconds: {
    kind: 'integer',
    least: 1,
    most: 600,
    project: true,
    file: 'app.stop_grace_seconds',
    default: 10,
    title: 'Stop grace period',
    description:
      'Seconds that the app has between SIGTERM and SIGKILL when it is replaced, paused or destroyed.',
    examples: [30],
  },
  'services.postgres': {
    kind: 'service',
    project: true,
    file: 'services.postgres',
    default: false,
    title: 'Postgres',
    description: 'Whether an environment has a Postgres database.',
    examples: [true],
  },
  'services.redis': {
    kind: 'service',
    project: true,
    file: 'services.redis',
    default: false,
    title: 'Redis',
    description: 'Whether an environment has a Redis database.',
    examples: [true],
  },
  'services.s3': {
    kind: 'service',
    project: true,
    file: 'services.s3',
    default: false,
    title: 'S3',
    description: 'Whether an environment has a bucket.',
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
      "What the app is told; no secrets. The project's environment variables win over them. A number is taken as it is written.",
    examples: [{ LOG_LEVEL: 'debug', FEATURE_X: true }],
  },
  'hooks.on_deploy': {
    kind: 'command',
    file: 'hooks.on_deploy',
    default: null,
    title: 'With each version',
    description: 'Run with each new version: a text for /bin/sh, or a list of arguments.',
    examples: ['npm run migrate', ['npm', 'run', 'migrate']],
  },
  'hooks.on_new': {
    kind: 'command',
    file: 'hooks.on_new',
    default: null,
    title: 'In a new environment',
    description: 'Run once in an environment that is new: a text for /bin/sh, or a list of arguments.',
    examples: ['npm run fixtures'],
  },
  'hooks.seed': {
    ...PATH_IN_REPOSITORY,
    file: 'hooks.seed',
    default: null,
    title: 'Seed',
    description: 'A dump that a new database begins with: a file of the repository.',
    examples: ['db/seed.sql'],
  },
  auto_deploy: {
    kind: 'boolean',
    project: true,
    column: 'autoDeploy',
    default: true,
    title: 'Deploy pushes',
    description: 'Whether a push deploys.',
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
      'Minutes without a request after which an environment sleeps, until the next one; null: never.',
    examples: [60],
  },
  'branch_filter.include': {
    kind: 'globs',
    atMost: GLOBS_AT_MOST,
    project: true,
    column: 'branchInclude',
    default: [],
    title: 'Included branches',
    description: 'Globs of the branches that a push deploys; an empty list: all.',
    examples: [['main', 'feature/*']],
  },
  'branch_filter.exclude': {
    kind: 'globs',
    atMost: GLOBS_AT_MOST,
    project: true,
    column: 'branchExclude',
    default: [],
    title: 'Excluded branches',
    description: 'Globs of the branches that a push does not deploy, also where they are included.',
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
    description:
      'An environment that saw no push and no deployment for that many days is destroyed; null: none is.',
    examples: [14],
  },
} as const satisfies Record<string, Setting> & Record<`services.${ServiceKind}`, Setting>;

/** Whatever stands before a dot in the name of a setting, in the API or in `nexos.yaml`. */
export const SECTIONS = {
  build: { title: 'Build', description: 'How the image is built.' },
  app: { title: 'App', description: 'How the app runs.' },
  services: { title: 'Services', description: 'What the environments of the project share.' },
  hooks: { title: 'Hooks', description: 'What is run when something happens to an environment.' },
  branch_filter: { title: 'Branch filter', description: 'Which branches a push deploys.' },
} as const satisfies Record<SectionName, Words>;

type SectionOf<Path> = Path extends `${infer Section}.${string}` ? Section : never;
type Table = typeof SETTINGS;
type FileNames = { [K in keyof Table]: Table[K] extends { file: infer File } ? File : never }[keyof Table];
type SectionName = SectionOf<keyof Table> | SectionOf<FileNames>;

function argumentNameProblem(name: string): string | null {
  if (!VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return ARGUMENT_NAME.test(name) ? null : 'must not begin with BUILDKIT_: BuildKit takes it as an order';
}
