import {
  DISPLAY_NAME,
  DISPLAY_NAME_RULE,
  MAX_VARIABLES,
  USER_VARIABLE_NAME,
  variableNameProblem,
} from '@nexos/domain';
import type { NumberRules, TextRules, VariablesRules } from './setting.js';

/*
 * Rules shared by several settings, in the API and in `nexos.yaml`. Messages complete a sentence that begins with the
 * setting's name.
 */

/** A relative path without `..` segments, backslashes, control characters or lone surrogates. */
export const PATH_IN_REPOSITORY = {
  kind: 'text',
  pattern: /^(?!\/)(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\\p{Cc}\p{Cs}]+$/u,
  rule: 'must be a path inside the repository, relative to its root',
  longest: 255,
  audited: 'whole',
} as const satisfies TextRules;

/** The name of a build stage, as `FROM … AS name` accepts it; or its number. */
export const DOCKERFILE_STAGE = {
  kind: 'text',
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  rule: 'must be the name of a stage of the Dockerfile, such as build',
  longest: 128,
  audited: 'whole',
} as const;

/** A path with an optional query. A fragment is never sent, a leading `//` would name a host, and dots would climb. */
export const URL_PATH = {
  kind: 'text',
  pattern: /^(?!\/\/)(?![^?]*\/\.{1,2}(?:[/?]|$))\/[\x21\x22\x24-\x7e]*$/,
  rule: 'must be a path such as /health, without //, . or .. segments, spaces or #',
  longest: 255,
  audited: 'without-query',
} as const satisfies TextRules;

/** The name of a project. */
export const PROJECT_NAME = {
  kind: 'text',
  pattern: DISPLAY_NAME,
  rule: DISPLAY_NAME_RULE,
  longest: 100,
  audited: 'whole',
} as const satisfies TextRules;

/** What deploys a branch. */
export const DEPLOY_ON = {
  kind: 'text',
  choices: ['push', 'pull_request'],
  pattern: /^(?:push|pull_request)$/,
  rule: 'must be push or pull_request',
  longest: 12,
  audited: 'whole',
} as const satisfies TextRules;

/** Whether pull requests of forks are deployed. */
export const FORKS = {
  kind: 'text',
  choices: ['never', 'approved'],
  pattern: /^(?:never|approved)$/,
  rule: 'must be never or approved',
  longest: 8,
  audited: 'whole',
} as const satisfies TextRules;

/** The name of a label in GitHub. */
export const LABEL = {
  kind: 'text',
  pattern: /^[^\p{Cc}\p{Cs}]+$/u,
  rule: 'must be the name of a label, without control characters',
  longest: 50,
  audited: 'whole',
} as const satisfies TextRules;

/** How the operator may name a version of a service. */
export const SERVICE_VERSION = {
  kind: 'text',
  pattern: /^[0-9A-Za-z][0-9A-Za-z._-]*$/,
  rule: 'must be a version, such as "16"',
  longest: 32,
  audited: 'whole',
} as const satisfies TextRules;

/** MiB of data of one service. */
export const SERVICE_STORAGE = {
  kind: 'integer',
  least: 16,
  most: 16_777_216,
  unit: 'MiB',
} as const satisfies NumberRules;

/** A TCP port. */
export const PORT = { kind: 'integer', least: 1, most: 65_535 } as const satisfies NumberRules;

/** Cores that a container may use. */
export const CORES = { kind: 'number', least: 0.05, most: 64 } as const satisfies NumberRules;

/** MiB that a container may use. */
export const MEMORY = {
  kind: 'integer',
  least: 16,
  most: 262_144,
  unit: 'MiB',
} as const satisfies NumberRules;

/** Seconds that a container may take to come up. */
export const START_TIMEOUT = { kind: 'integer', least: 1, most: 1_800 } as const satisfies NumberRules;

/** Variables that users set for containers. */
export const USER_VARIABLES = {
  kind: 'variables',
  names: USER_VARIABLE_NAME,
  nameProblem: variableNameProblem,
  atMost: MAX_VARIABLES,
} as const satisfies VariablesRules;
