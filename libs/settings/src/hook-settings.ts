import type { Setting } from './setting.js';
import { DOCKERFILE_STAGE, MEMORY, PATH_IN_REPOSITORY } from './setting-rules.js';

/** The settings of hooks, a part of the table of settings. */
export const HOOK_SETTINGS = {
  'hooks.on_deploy': {
    kind: 'command',
    file: 'hooks.on_deploy',
    nullable: true,
    default: null,
    title: 'On each deployment',
    description: 'Command to run with each new version: a string for /bin/sh, or a list of arguments.',
    examples: ['npm run migrate', ['npm', 'run', 'migrate']],
  },
  'hooks.on_new': {
    kind: 'command',
    file: 'hooks.on_new',
    nullable: true,
    default: null,
    title: 'On a new environment',
    description: 'Command to run once in a new environment: a string for /bin/sh, or a list of arguments.',
    examples: ['npm run fixtures'],
  },
  'hooks.on_rollback': {
    kind: 'command',
    file: 'hooks.on_rollback',
    nullable: true,
    default: null,
    title: 'On a rollback',
    description:
      'Command to run when this version is rolled back to, in place of the other hooks: a string for /bin/sh, or a list of arguments.',
    examples: ['npm run after-rollback'],
  },
  'hooks.seed': {
    ...PATH_IN_REPOSITORY,
    file: 'hooks.seed',
    nullable: true,
    default: null,
    title: 'Seed',
    description: 'File in the repository with a dump that is restored into each new database.',
    examples: ['db/seed.sql'],
  },
  'hooks.memory': {
    ...MEMORY,
    file: 'hooks.memory',
    alias: 'memory_mb',
    nullable: true,
    default: null,
    title: 'Memory of hooks',
    description:
      'Memory in MiB that each hook may use. By default as much as the app (`app.memory_mb`), but at least 1024.',
    examples: [2048],
  },
  'hooks.target': {
    ...DOCKERFILE_STAGE,
    file: 'hooks.target',
    nullable: true,
    default: null,
    title: 'Stage of hooks',
    description:
      "Stage of the Dockerfile whose image runs the commands, if the app's own image lacks the tools. It is built with the app.",
    examples: ['build'],
  },
} as const satisfies Record<string, Setting>;
