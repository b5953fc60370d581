import {
  CPU,
  MAX_PATH,
  MAX_VARIABLES,
  MEMORY_MB,
  PATH_IN_REPOSITORY,
  PATH_IN_REPOSITORY_RULE,
  PORT,
  SETTING_DEFAULTS,
  URL_PATH,
  URL_PATH_RULE,
  USER_VARIABLE_NAME,
  VARIABLE_NAME,
  VARIABLE_NAME_RULE,
  variableNameProblem,
} from '@nexos/domain';
import type { Field, SectionField } from './field.js';

/** BuildKit takes arguments of these names as orders to itself. */
const ARGUMENT_NAME = new RegExp(`^(?!BUILDKIT_)${VARIABLE_NAME.source.slice(1)}`);
const ELSE_THE_PROJECT = "Left out: the project's setting.";

const path = (title: string, description: string, more: { default?: string; examples: string[] }): Field => ({
  kind: 'text',
  title,
  description,
  pattern: PATH_IN_REPOSITORY,
  rule: PATH_IN_REPOSITORY_RULE,
  longest: MAX_PATH,
  ...more,
});

const service = (title: string, what: string, name: keyof typeof SETTING_DEFAULTS.services): Field => ({
  kind: 'boolean',
  title,
  description: `Whether an environment has ${what}. ${ELSE_THE_PROJECT}`,
  default: SETTING_DEFAULTS.services[name],
});

const BUILD: SectionField = {
  kind: 'section',
  title: 'Build',
  description: 'How the image is built.',
  fields: {
    dockerfile: path('Dockerfile', `Relative to the root of the repository. ${ELSE_THE_PROJECT}`, {
      default: SETTING_DEFAULTS.dockerfile,
      examples: ['Dockerfile', 'apps/web/Dockerfile'],
    }),
    context: path(
      'Build context',
      `The folder that is sent to the build, relative to the root of the repository. ${ELSE_THE_PROJECT}`,
      { default: SETTING_DEFAULTS.build_context, examples: ['.', 'apps/web'] },
    ),
    args: {
      kind: 'variables',
      title: 'Build arguments',
      description:
        'Values for the ARG lines of the Dockerfile. They can be read back from the image: no secrets. A number is taken as it is written.',
      names: ARGUMENT_NAME,
      nameProblem: argumentNameProblem,
      atMost: MAX_VARIABLES,
      examples: [{ NODE_VERSION: 22 }],
    },
  },
};

const APP: SectionField = {
  kind: 'section',
  title: 'App',
  description: 'How the app runs.',
  fields: {
    port: {
      kind: 'integer',
      title: 'Port',
      description: `The port that the app listens on; the app is told it as PORT. ${ELSE_THE_PROJECT}`,
      ...PORT,
      default: SETTING_DEFAULTS.port,
      examples: [8080],
    },
    cpu: {
      kind: 'number',
      title: 'Cores',
      description: `Reserved for the app, and its limit. ${ELSE_THE_PROJECT}`,
      ...CPU,
      default: SETTING_DEFAULTS.cpu,
      examples: [0.5, 2],
    },
    memory_mb: {
      kind: 'integer',
      title: 'Memory',
      description: `In MiB; reserved for the app, and its limit. ${ELSE_THE_PROJECT}`,
      ...MEMORY_MB,
      default: SETTING_DEFAULTS.memory_mb,
      examples: [512],
    },
    health_check_path: {
      kind: 'text',
      title: 'Health path',
      description: `A new version takes over once GET on this path answers below 500. ${ELSE_THE_PROJECT}`,
      pattern: URL_PATH,
      rule: URL_PATH_RULE,
      longest: MAX_PATH,
      default: SETTING_DEFAULTS.health_check_path,
      examples: ['/health'],
    },
  },
};

const HOOKS: SectionField = {
  kind: 'section',
  title: 'Hooks',
  description: 'What is run when something happens to an environment.',
  fields: {
    on_deploy: {
      kind: 'command',
      title: 'With each version',
      description: 'Run with each new version: a text for /bin/sh, or a list of arguments.',
      examples: ['npm run migrate', ['npm', 'run', 'migrate']],
    },
    on_new: {
      kind: 'command',
      title: 'In a new environment',
      description: 'Run once in an environment that is new: a text for /bin/sh, or a list of arguments.',
      examples: ['npm run fixtures'],
    },
    seed: path('Seed', 'A dump that a new database begins with: a file of the repository.', {
      examples: ['db/seed.sql'],
    }),
  },
};

/** All that the file may say. */
export const CONFIG_SHAPE: SectionField = {
  kind: 'section',
  title: 'nexos.yaml',
  description:
    'How Nexos builds and runs this commit. What is said here wins over the settings of the project, field by field.',
  fields: {
    build: BUILD,
    app: APP,
    services: {
      kind: 'section',
      title: 'Services',
      description: 'What the environments of the project share.',
      fields: {
        postgres: service('Postgres', 'a Postgres database', 'postgres'),
        redis: service('Redis', 'a Redis database', 'redis'),
        s3: service('S3', 'a bucket', 's3'),
      },
    },
    env: {
      kind: 'variables',
      title: 'Environment variables',
      description:
        "What the app is told; no secrets. The project's environment variables win over them. A number is taken as it is written.",
      names: USER_VARIABLE_NAME,
      nameProblem: variableNameProblem,
      atMost: MAX_VARIABLES,
      examples: [{ LOG_LEVEL: 'debug', FEATURE_X: true }],
    },
    hooks: HOOKS,
  },
};

function argumentNameProblem(name: string): string | null {
  if (!VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return ARGUMENT_NAME.test(name) ? null : 'must not begin with BUILDKIT_: BuildKit takes it as an order';
}
