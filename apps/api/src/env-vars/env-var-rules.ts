import { BRANCH_GLOB_RULE, isBranchGlob, isReservedVariable } from '@nexos/domain';

const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const MAX_VALUE = 32_768;
const MAX_VALUE_BYTES = 65_536;
export const MAX_VARIABLES = 500;

/*
 * Why something cannot be part of a variable, as the end of a sentence that begins with its field; null when it can.
 * None tells what was given: it may be a secret in the wrong place.
 */

export function keyProblem(key: unknown): string | null {
  if (typeof key !== 'string' || !KEY.test(key)) {
    return 'must have 1 to 128 letters, digits and underscores, and not begin with a digit';
  }
  return isReservedVariable(key) ? `must not be ${reservedName(key)}: Nexos itself sets it` : null;
}

export function valueProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (/[\0\p{Cs}]/u.test(value)) return 'must be Unicode text without NUL';
  if (value.length > MAX_VALUE) return `must have at most ${MAX_VALUE} characters`;
  return Buffer.byteLength(value) > MAX_VALUE_BYTES ? `must have at most ${MAX_VALUE_BYTES} bytes` : null;
}

/** Null and an empty text stand for all branches. */
export function branchProblem(branch: unknown): string | null {
  if (branch === null || branch === '') return null;
  if (typeof branch !== 'string') return 'must be text';
  return isBranchGlob(branch) ? null : BRANCH_GLOB_RULE;
}

function reservedName(key: string): string {
  return key.startsWith('NEXOS_') ? 'a name that begins with NEXOS_' : key;
}
