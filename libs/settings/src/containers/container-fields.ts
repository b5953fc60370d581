import { CONTAINER_NAME, CONTAINER_NAME_RULE } from '@nexos/domain';
import type { BooleanRules, CommandRules, NumberRules, TextRules, VariablesRules } from '../setting.js';
import {
  CORES,
  DOCKERFILE_STAGE,
  MEMORY,
  PATH_IN_REPOSITORY,
  PORT,
  START_TIMEOUT,
  URL_PATH,
  USER_VARIABLES,
} from '../setting-rules.js';
import type { GivenContainer } from './container-values.js';

/** Names of other containers. */
interface NamesRules {
  readonly kind: 'names';
}

export type ContainerFieldRules = (
  NumberRules | BooleanRules | TextRules | VariablesRules | CommandRules | NamesRules
) & {
  readonly description: string;
};

/** The name of a container. */
export const NAME = {
  kind: 'text',
  pattern: CONTAINER_NAME,
  rule: CONTAINER_NAME_RULE,
  longest: 32,
  audited: 'whole',
} as const satisfies TextRules;

/** An image of a registry, with a tag or a digest. No variables, and nothing that a Dockerfile would read as more. */
const IMAGE = {
  kind: 'text',
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:@/-]*$/,
  rule: 'must be the name of an image in a registry, such as redis:7',
  longest: 255,
  audited: 'whole',
} as const satisfies TextRules;

const MEMORY_FIELD = { ...MEMORY, description: 'Memory in MiB; 512 by default.' } as const;

/** The fields of a container, in `nexos.yaml` and in the API. */
export const CONTAINER_FIELDS: Readonly<Record<keyof GivenContainer, ContainerFieldRules>> = {
  name: { ...NAME, description: "Its name, which is its host name on the environment's own network." },
  dockerfile: { ...PATH_IN_REPOSITORY, description: 'Dockerfile to build it with.' },
  context: { ...PATH_IN_REPOSITORY, description: "Build context; the app's by default." },
  target: { ...DOCKERFILE_STAGE, description: 'Stage of the Dockerfile; the last one by default.' },
  image: { ...IMAGE, description: 'Image of a registry, in place of a build.' },
  command: {
    kind: 'command',
    description: 'Replaces the entrypoint of the image: a string for /bin/sh, or a list of arguments.',
  },
  port: {
    ...PORT,
    description:
      'Port that it listens on, passed to it as PORT. A public container without it has the one port that its image exposes, or 3000; no other is probed.',
  },
  public: { kind: 'boolean', description: 'Whether it gets a URL of its own; false by default.' },
  overlap: {
    kind: 'boolean',
    description: 'Whether the old container runs until the new one is up; true by default.',
  },
  cpu: { ...CORES, description: 'CPU limit in cores; 0.5 by default.' },
  memory_mb: MEMORY_FIELD,
  memory: { ...MEMORY_FIELD, description: 'Another name of memory_mb.' },
  env: {
    ...USER_VARIABLES,
    description: "Variables of this container beside `env` of the file; the project's override them.",
  },
  depends_on: { kind: 'names', description: 'Containers that must be up before this one starts.' },
  health_check_path: {
    ...URL_PATH,
    description: 'Path of its health check, if it has a port; / by default.',
  },
  start_timeout_seconds: {
    ...START_TIMEOUT,
    description: 'Seconds that it may take to come up, once it was started; 60 by default.',
  },
  init: {
    kind: 'boolean',
    description: "Whether the container engine's init is process 1; true by default.",
  },
};

/** Fields that a file may have without a value, where everything below is commented out. */
export const EMPTY_IN_FILE: readonly string[] = ['env', 'depends_on'] satisfies (keyof GivenContainer)[];
