import { RESERVED_VARIABLES, isReservedVariable } from './injected-variables.js';

/** The name of an environment variable. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** The name of a variable that users may set: not one that Nexos reserves. */
export const USER_VARIABLE_NAME = new RegExp(
  `^(?!(?:${RESERVED_VARIABLES.join('|')})$)(?!NEXOS_)${VARIABLE_NAME.source.slice(1)}`,
);
/** How builds get a variable: as a secret of `RUN --mount=type=secret`, or as a build argument. */
export const BUILD_USES = ['secret', 'arg'] as const;
export type BuildUse = (typeof BUILD_USES)[number];
/** The name of a build argument: BuildKit interprets the others as its own options. */
export const ARGUMENT_NAME = new RegExp(`^(?!BUILDKIT_)${VARIABLE_NAME.source.slice(1)}`);
/** Unicode text that an environment variable can hold. */
export const VARIABLE_VALUE = /^[^\0\p{Cs}]*$/u;
export const VARIABLE_VALUE_RULE = 'must be Unicode text without NUL';
/** Maximum characters of a value. */
export const MAX_VARIABLE_VALUE = 32_768;
/** Maximum variables of one project, or of one file in its repository. */
export const MAX_VARIABLES = 500;
export const VARIABLE_NAME_RULE =
  'must have 1 to 128 letters, digits or underscores and must not begin with a digit';

/**
 * Returns why a user's variable cannot have that name, as the end of a sentence that begins with the field; null when it
 * can. Does not quote the given name, which may be a secret in the wrong place.
 */
export function variableNameProblem(name: unknown): string | null {
  if (typeof name !== 'string' || !VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return isReservedVariable(name) ? `must not ${reservedName(name)}, which Nexos reserves` : null;
}

/** Returns why a build argument cannot have that name, as the end of a sentence; null when it can. */
export function argumentNameProblem(name: unknown): string | null {
  if (typeof name !== 'string' || !VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return ARGUMENT_NAME.test(name) ? null : 'must not begin with BUILDKIT_, which BuildKit reserves';
}

function reservedName(name: string): string {
  return name.startsWith('NEXOS_') ? 'begin with NEXOS_' : `be ${name}`;
}
