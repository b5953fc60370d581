import { ARGUMENT_NAME, argumentNameProblem, MAX_VARIABLES, type ServiceKind } from '@nexos/domain';
import type { UNKEPT_FIELDS } from './file/unkept-fields.js';
import { GITHUB_SETTINGS } from './github-settings.js';
import { HOOK_SETTINGS } from './hook-settings.js';
import type { Documentation, Setting } from './setting.js';
import {
  CORES,
  DOCKERFILE_STAGE,
  MEMORY,
  PATH_IN_REPOSITORY,
  PORT,
  START_TIMEOUT,
  URL_PATH,
  USER_VARIABLES,
} from './setting-rules.js';
import { TRIGGER_SETTINGS } from './trigger-settings.js';

const MAX_PATH_GLOBS = 30;

/**
 * Defines every setting once: its valid values, its default, and where it can be set. The bodies and responses of the
 * API, `nexos.yaml` and its JSON Schema, the stored settings of a deployment, and all their types derive from it.
 */
export const SETTINGS = {
  dockerfile: {
    ...PATH_IN_REPOSITORY,
    file: 'build.dockerfile',
    default: 'Dockerfile',
    title: 'Dockerfile',
    description: 'Path of the Dockerfile, relative to the root of the repository.',
    examples: ['Dockerfile', 'apps/web/Dockerfile'],
  },
  build_context: {
    ...PATH_IN_REPOSITORY,
    file: 'build.context',
    default: '.',
    title: 'Build context',
    description: 'Directory that is sent to the build, relative to the root of the repository.',
    examples: ['.', 'apps/web'],
  },
  build_target: {
    ...DOCKERFILE_STAGE,
    file: 'build.target',
    nullable: true,
    default: null,
    title: 'Build target',
    description: 'Stage of the Dockerfile whose image runs the app. By default the last one.',
    examples: ['production'],
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
  watch_paths: {
    kind: 'path-globs',
    atMost: MAX_PATH_GLOBS,
    file: 'build.watch_paths',
    default: [],
    title: 'Watched paths',
    description:
      'Globs of the paths that the app is made of: a push that changes none of them, compared with the live commit, is not built. A glob with ! excludes paths. An empty list means all paths.',
    examples: [['apps/web', 'packages/**', '!**/*.md']],
  },
  build_timeout_seconds: {
    kind: 'integer',
    least: 10,
    most: 7_200,
    file: 'buildResources.timeout',
    default: 900,
    title: 'Build timeout',
    description: 'Seconds after which a build is stopped and its deployment fails.',
    examples: [1800],
  },
  build_cpu: {
    ...CORES,
    file: 'buildResources.cpu',
    nullable: true,
    default: null,
    title: 'Build cores',
    description:
      'CPU cores that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.',
    examples: [2],
  },
  build_memory_mb: {
    ...MEMORY,
    file: 'buildResources.memory',
    nullable: true,
    default: null,
    title: 'Build memory',
    description:
      'Memory in MiB that a build is meant to use. Kept, but not applied yet: all builds share the limits of the operator.',
    examples: [2048],
  },
  config_path: {
    ...PATH_IN_REPOSITORY,
    default: 'nexos.yaml',
    title: 'Configuration file',
    description:
      "Path of the project's nexos.yaml, relative to the root of the repository. Projects of one repository can each have their own.",
    examples: ['apps/web/nexos.yaml'],
  },
  port: {
    ...PORT,
    file: 'app.port',
    default: 3000,
    title: 'Port',
    description: 'Port that the app listens on, passed to the app as PORT.',
    examples: [8080],
  },
  cpu: {
    ...CORES,
    file: 'app.cpu',
    default: 0.5,
    title: 'Cores',
    description: 'CPU limit of the app in cores; part of it is reserved for the app.',
    examples: [0.5, 2],
  },
  memory_mb: {
    ...MEMORY,
    file: 'app.memory_mb',
    alias: 'memory',
    default: 512,
    title: 'Memory',
    description: 'Memory of the app in MiB: this much is reserved, and the app cannot use more.',
    examples: [512, 1024],
  },
  health_check_path: {
    ...URL_PATH,
    file: 'app.health_check_path',
    default: '/',
    title: 'Health check path',
    description:
      'Path of the health check: a new version takes over once GET on it returns a status below 500.',
    examples: ['/health'],
  },
  start_timeout_seconds: {
    ...START_TIMEOUT,
    file: 'app.start_timeout_seconds',
    default: 60,
    title: 'Start timeout',
    description:
      'Seconds that a started app may take to answer the health check, before its deployment or resume fails.',
    examples: [300],
  },
  init: {
    kind: 'boolean',
    file: 'app.init',
    default: true,
    title: 'Init',
    description:
      "Whether the container engine's init is process 1, which passes on signals and reaps processes. False for an image whose own init must be process 1, such as s6-overlay or systemd.",
    examples: [false],
  },
  request_timeout_seconds: {
    kind: 'integer',
    least: 1,
    most: 3_600,
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
    file: 'app.stop_grace_seconds',
    default: 10,
    title: 'Stop grace period',
    description: 'Seconds between SIGTERM and SIGKILL when the app is replaced, paused or destroyed.',
    examples: [30],
  },
  'services.postgres': {
    kind: 'service',
    file: 'services.postgres',
    default: false,
    title: 'Postgres',
    description: 'Whether each environment has a Postgres database, with which version and how much data.',
    examples: [true],
  },
  'services.redis': {
    kind: 'service',
    file: 'services.redis',
    default: false,
    title: 'Redis',
    description: 'Whether each environment has a Redis database, with which version and how much data.',
    examples: [true],
  },
  'services.s3': {
    kind: 'service',
    file: 'services.s3',
    default: false,
    title: 'S3',
    description: 'Whether each environment has an S3 bucket, with which version and how much data.',
    examples: [false],
  },
  env: {
    ...USER_VARIABLES,
    file: 'env',
    default: {},
    title: 'Environment variables',
    description:
      "Environment variables of the app. Put no secrets here; the project's environment variables override these. Numbers are used as written.",
    examples: [{ LOG_LEVEL: 'debug', FEATURE_X: true }],
  },
  containers: {
    kind: 'containers',
    file: 'containers',
    default: [],
    title: 'Containers',
    description:
      "Further containers of each environment, beside the app. Each is built, or runs an image of a registry, or the app's image. A list in the file replaces the project's.",
    examples: [[{ name: 'worker', command: 'node worker.js' }]],
  },
  ...HOOK_SETTINGS,
  ...TRIGGER_SETTINGS,
  sleep_after_minutes: {
    kind: 'integer',
    least: 5,
    most: 43_200,
    column: 'sleepAfterMinutes',
    nullable: true,
    default: null,
    title: 'Sleep',
    description:
      'Minutes without a request after which an environment sleeps until the next request. Null: never.',
    examples: [60],
  },
  expires_after_days: {
    kind: 'integer',
    least: 1,
    most: 365,
    column: 'expiresAfterDays',
    nullable: true,
    default: null,
    title: 'Expiry',
    description: 'Days without a push or a deployment after which an environment is destroyed. Null: never.',
    examples: [14],
  },
  ...GITHUB_SETTINGS,
} as const satisfies Record<string, Setting> & Record<`services.${ServiceKind}`, Setting>;

/** The part before a dot in the name of a setting, in the API or in `nexos.yaml`. */
export const SECTIONS = {
  build: { title: 'Build', description: 'How the image is built.' },
  buildResources: { title: 'Build resources', description: 'What a build may use.' },
  app: { title: 'App', description: 'How the app runs.' },
  services: { title: 'Services', description: 'Services that the environments of the project share.' },
  hooks: { title: 'Hooks', description: 'What runs when an environment is created or deployed.' },
  preview: { title: 'Preview', description: 'How an environment runs.' },
  pull_requests: { title: 'Pull requests', description: 'Which pull requests are deployed.' },
  branch_filter: { title: 'Branch filter', description: 'Which branches are deployed by a push.' },
  github: { title: 'GitHub', description: 'What the GitHub App tells about deployments.' },
} as const satisfies Record<SectionName, Documentation>;

type SectionOf<Path> = Path extends `${infer Section}.${string}` ? Section : never;
type Table = typeof SETTINGS;
type FileNames = { [K in keyof Table]: Table[K] extends { file: infer File } ? File : never }[keyof Table];
type SectionName = SectionOf<keyof Table> | SectionOf<FileNames> | SectionOf<keyof typeof UNKEPT_FIELDS>;
