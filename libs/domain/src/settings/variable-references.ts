import { DeploymentFailure } from '../deployments/deployment-failure.js';
import { MAX_VARIABLE_VALUE } from './variable-rules.js';

/** `${{ NAME }}`. Anything else with a dollar sign is ordinary text. */
const REFERENCE = /\$\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]{0,127})[ \t]*\}\}/g;

/** The most characters of all expanded values: Swarm accepts services of up to about a megabyte. */
const MAX_EXPANDED = 500_000;

type Values = Readonly<Record<string, string>>;

/** Why the references between variables cannot be followed. */
export interface ReferenceProblem {
  readonly variable: string;
  /** Completes a sentence that begins with the variable. Contains names of variables, but no values. */
  readonly message: string;
}

/** Returns whether a value refers to other variables. */
export function hasReferences(value: string): boolean {
  return value.search(REFERENCE) !== -1;
}

/**
 * Finds a reference to an unknown variable, or a circle of references.
 *
 * @param own the variables that users set
 * @param isKnown whether there is another variable of that name
 */
export function referenceProblem(own: Values, isKnown: (name: string) => boolean): ReferenceProblem | null {
  const checked = new Set<string>();
  const check = (variable: string, path: readonly string[]): ReferenceProblem | null => {
    if (checked.has(variable)) return null;
    for (const name of namesIn(own[variable] ?? '')) {
      const began = [...path, variable].indexOf(name);
      if (began !== -1) return circle([...path, variable].slice(began));
      if (!Object.hasOwn(own, name) && !isKnown(name)) {
        return { variable, message: `refers to ${name}, which does not exist` };
      }
      const problem = Object.hasOwn(own, name) ? check(name, [...path, variable]) : null;
      if (problem !== null) return problem;
    }
    checked.add(variable);
    return null;
  };
  for (const variable of Object.keys(own)) {
    const problem = check(variable, []);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * Checks references before the injected variables have values.
 *
 * @param injected the names of the variables that Nexos sets
 * @throws {DeploymentFailure} `variables_invalid`
 */
export function assertReferences(own: Values, injected: readonly string[]): void {
  const names = new Set(injected);
  const problem = referenceProblem(own, (name) => names.has(name));
  if (problem !== null) throw invalid(problem);
}

/**
 * Replaces each `${{ NAME }}` in the variables that users set by that variable's value. Only their own text is searched:
 * an injected value, or one that was inserted, stays as it is.
 *
 * @param injected the variables that Nexos sets
 * @returns the users' variables
 * @throws {DeploymentFailure} `variables_invalid`, for an unknown name, a circle, or values that become too long
 */
export function expandVariables(own: Values, injected: Values): Record<string, string> {
  assertReferences(own, Object.keys(injected));
  const expanded = new Map<string, string>();
  let total = 0;
  const valueOf = (variable: string): string => {
    if (!Object.hasOwn(own, variable)) return injected[variable] ?? '';
    const known = expanded.get(variable);
    if (known !== undefined) return known;
    const text = own[variable] ?? '';
    let value = '';
    let end = 0;
    for (const { 0: reference, 1: name = '', index } of text.matchAll(REFERENCE)) {
      value += text.slice(end, index) + valueOf(name);
      end = index + reference.length;
      if (value.length > MAX_VARIABLE_VALUE) throw tooLong(variable, MAX_VARIABLE_VALUE);
    }
    value += text.slice(end);
    if (end > 0 && value.length > MAX_VARIABLE_VALUE) throw tooLong(variable, MAX_VARIABLE_VALUE);
    if (end > 0) total += value.length;
    if (total > MAX_EXPANDED) throw tooLong(variable, MAX_EXPANDED, ' together with the others');
    expanded.set(variable, value);
    return value;
  };
  return Object.fromEntries(Object.keys(own).map((variable) => [variable, valueOf(variable)]));
}

/** Returns the named variables and those that they refer to, directly or not. Others are left out. */
export function reachableVariables(own: Values, names: readonly string[]): Record<string, string> {
  const reached = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name) || !Object.hasOwn(own, name)) continue;
    reached.add(name);
    waiting.push(...namesIn(own[name] ?? ''));
  }
  return Object.fromEntries(Object.entries(own).filter(([name]) => reached.has(name)));
}

function namesIn(value: string): Set<string> {
  return new Set(Array.from(value.matchAll(REFERENCE), ([, name = '']) => name));
}

function circle([first = '', ...others]: readonly string[]): ReferenceProblem {
  const through = others.length === 0 ? '' : ` through ${others.slice(0, 10).join(', ')}`;
  return { variable: first, message: `refers to itself${through}` };
}

function tooLong(variable: string, most: number, how = ''): DeploymentFailure {
  return invalid({
    variable,
    message: `becomes longer than ${most} characters${how} when its references are replaced`,
  });
}

function invalid({ variable, message }: ReferenceProblem): DeploymentFailure {
  return new DeploymentFailure(
    'variables_invalid',
    `The environment variable ${variable} ${message}. Correct it, then deploy again.`,
  );
}
