import { RESERVED_VARIABLES, isReservedVariable } from './reserved-variables.js';

/** The name of an environment variable. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** The same, for what users may set: Nexos's own names are not theirs. */
export const USER_VARIABLE_NAME = new RegExp(
  `^(?!(?:${RESERVED_VARIABLES.join('|')})$)(?!NEXOS_)${VARIABLE_NAME.source.slice(1)}`,
);
/** Unicode text that a process can be told. */
export const VARIABLE_VALUE = /^[^\0\p{Cs}]*$/u;
export const VARIABLE_VALUE_RULE = 'must be Unicode text without NUL';
/** Characters of a value. */
export const MAX_VARIABLE_VALUE = 32_768;
/** Variables of one project, or of one file in its repository. */
export const MAX_VARIABLES = 500;
export const VARIABLE_NAME_RULE =
  'must have 1 to 128 letters, digits and underscores, and not begin with a digit';

/**
 * Why a user's variable cannot have that name, as the end of a sentence that begins with the field; null when it can.
 * It does not tell what was given: that may be a secret in the wrong place.
 */
export function variableNameProblem(name: unknown): string | null {
  if (typeof name !== 'string' || !VARIABLE_NAME.test(name)) return VARIABLE_NAME_RULE;
  return isReservedVariable(name) ? `must not be ${reservedName(name)}: Nexos itself sets it` : null;
}

function reservedName(name: string): string {
  return name.startsWith('NEXOS_') ? 'a name that begins with NEXOS_' : name;
}
