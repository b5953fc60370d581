import {
  BRANCH_GLOB_RULE,
  BUILD_USES,
  isBranchGlob,
  MAX_VARIABLE_VALUE,
  VARIABLE_VALUE,
  VARIABLE_VALUE_RULE,
  variableNameProblem,
} from '@nexos/domain';

const MAX_VALUE_BYTES = 65_536;

/*
 * Each rule returns why a value is invalid, as the end of a sentence that begins with its field; null if it is valid.
 * No rule quotes the value: it may be a secret in the wrong place.
 */

export const keyProblem = variableNameProblem;

export function valueProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (!VARIABLE_VALUE.test(value)) return VARIABLE_VALUE_RULE;
  if (value.length > MAX_VARIABLE_VALUE) return `must have at most ${MAX_VARIABLE_VALUE} characters`;
  return Buffer.byteLength(value) > MAX_VALUE_BYTES ? `must have at most ${MAX_VALUE_BYTES} bytes` : null;
}

/** Null and an empty string mean all branches. */
export function branchProblem(branch: unknown): string | null {
  if (branch === null || branch === '') return null;
  if (typeof branch !== 'string') return 'must be a string';
  return isBranchGlob(branch) ? null : BRANCH_GLOB_RULE;
}

export function buildProblem(build: unknown): string | null {
  const isUse = build === null || BUILD_USES.some((use) => use === build);
  return isUse ? null : `must be ${BUILD_USES.join(', ')} or null`;
}
