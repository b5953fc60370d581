import {
  ARGUMENT,
  MAX_ARGUMENT,
  MAX_ARGUMENTS,
  MAX_PATH_GLOB,
  MAX_VARIABLE_VALUE,
  PATH_GLOB,
  PATH_GLOB_RULE,
  VARIABLE_VALUE,
  VARIABLE_VALUE_RULE,
} from '@nexos/domain';
import type { BooleanRules, NumberRules, PathGlobsRules, TextRules, VariablesRules } from './setting.js';

/*
 * Each function returns why a value is invalid, as the end of a sentence that begins with its place; null if it is valid.
 * None quotes the value.
 */

/** What is wrong with one place in a value. */
export interface ValueProblem {
  /** From the value on, such as `[1, 'port']`. */
  readonly path: readonly (string | number)[];
  /** Completes a sentence that begins with the place. */
  readonly message: string;
}

export const COMMAND_RULE = 'must be a command: a string, or a list of strings';
export const PATH_GLOBS_RULE = 'must be a list of globs';
/** Characters of all names and values of one setting; a file has no room for more. */
const MAX_VARIABLES_LENGTH = 65_536;
export const SCALAR_RULE = 'must be a string, a number, true or false';
const QUOTED_NUMBER = /^\s*[0-9]+(?:\.[0-9]+)?\s*$/;
/** Memory as other tools write it, such as `512Mi` and `1g`. */
const WITH_UNIT = /^\s*[0-9]+(?:\.[0-9]+)?\s*[KMGT]i?B?\s*$/i;
const NAME_SHOWN = /^[\w-]{1,64}$/;

/** Checks a single value: the API and `nexos.yaml` accept the same. */
export function scalarProblem(rules: NumberRules | BooleanRules | TextRules, value: unknown): string | null {
  if (rules.kind === 'boolean') return typeof value === 'boolean' ? null : 'must be true or false';
  return rules.kind === 'text' ? textProblem(rules, value) : numberProblem(rules, value);
}

/** @param least how many characters it must have */
export function argumentProblem(text: string, least: number): string | null {
  if (text.length < least) return 'must not be empty';
  if (!ARGUMENT.test(text)) return 'must be Unicode text without NUL';
  return lengthProblem(text, MAX_ARGUMENT);
}

export function argumentCountProblem(count: number): string | null {
  return count === 0 || count > MAX_ARGUMENTS ? `must have 1 to ${MAX_ARGUMENTS} arguments` : null;
}

export function variableValueProblem(text: string): string | null {
  return VARIABLE_VALUE.test(text) ? lengthProblem(text, MAX_VARIABLE_VALUE) : VARIABLE_VALUE_RULE;
}

export function globCountProblem({ atMost }: PathGlobsRules, count: number): string | null {
  return count > atMost ? `must have at most ${atMost} globs` : null;
}

export function pathGlobProblem(value: unknown): string | null {
  return textProblem(
    { kind: 'text', pattern: PATH_GLOB, rule: PATH_GLOB_RULE, longest: MAX_PATH_GLOB },
    value,
  );
}

/** Returns the first problem of a list of path globs. */
export function pathGlobsProblems(rules: PathGlobsRules, value: unknown): ValueProblem[] {
  if (!Array.isArray(value)) return [{ path: [], message: PATH_GLOBS_RULE }];
  const count = globCountProblem(rules, value.length);
  if (count !== null) return [{ path: [], message: count }];
  for (const [index, glob] of value.entries()) {
    const message = pathGlobProblem(glob);
    if (message !== null) return [{ path: [index], message }];
  }
  return [];
}

export function variableCountProblem({ atMost }: VariablesRules, count: number): string | null {
  return count > atMost ? `must have at most ${atMost} names` : null;
}

/** Returns the first problem of variables, at the place of its name. */
export function variableProblems(rules: VariablesRules, value: unknown): ValueProblem[] {
  const whole = (message: string) => [{ path: [], message }];
  if (!isObject(value)) return whole('must be an object of names and values');
  const all = Object.entries(value);
  const count = variableCountProblem(rules, all.length);
  if (count !== null) return whole(count);
  let total = 0;
  for (const [index, [name, text]] of all.entries()) {
    const path = [NAME_SHOWN.test(name) ? name : `name ${index + 1}`];
    const nameProblem = rules.nameProblem(name);
    if (nameProblem !== null) return [{ path, message: `the name ${nameProblem}` }];
    const message = isScalar(text) ? variableValueProblem(String(text)) : SCALAR_RULE;
    if (message !== null) return [{ path, message }];
    total += name.length + String(text).length;
  }
  if (total <= MAX_VARIABLES_LENGTH) return [];
  return whole(`must have at most ${MAX_VARIABLES_LENGTH} characters in all names and values together`);
}

export function commandProblem(value: unknown): string | null {
  if (typeof value === 'string') return argumentProblem(value, 1);
  if (!Array.isArray(value)) return COMMAND_RULE;
  const count = argumentCountProblem(value.length);
  if (count !== null) return count;
  for (const [index, argument] of value.entries()) {
    const problem =
      typeof argument === 'string' ? argumentProblem(argument, index === 0 ? 1 : 0) : 'must be a string';
    if (problem !== null) return `is invalid at index ${index}: ${problem}`;
  }
  return null;
}

/** Formats the path of a problem, such as `[1].port`. */
export function placeOf(path: readonly (string | number)[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '');
}

function textProblem({ pattern, rule, longest }: Omit<TextRules, 'audited'>, value: unknown): string | null {
  if (typeof value !== 'string' || !pattern.test(value)) return rule;
  return lengthProblem(value, longest);
}

function numberProblem({ kind, least, most, unit }: NumberRules, value: unknown): string | null {
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (fits && (kind === 'number' || Number.isInteger(value))) return null;
  const text = typeof value === 'string' ? value : '';
  const rule = `must be a ${kind === 'integer' ? 'whole number' : 'number'} from ${least} to ${most}`;
  if (unit !== undefined && WITH_UNIT.test(text)) return `${rule}, in ${unit} and without a unit`;
  return QUOTED_NUMBER.test(text) ? `${rule}, without quotes` : rule;
}

/** Counts characters as JSON Schema does: in code points. */
function lengthProblem(text: string, longest: number): string | null {
  if (text.length <= longest || Array.from(text).length <= longest) return null;
  return `must have at most ${longest} characters`;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
