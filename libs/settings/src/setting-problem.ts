import { BRANCH_GLOB_RULE, isBranchGlob } from '@nexos/domain';
import { containersProblems } from './containers/containers-problems.js';
import type { GlobsRules, Setting, VariablesRules } from './setting.js';
import { SERVICE_STORAGE, SERVICE_VERSION } from './setting-rules.js';
import {
  commandProblem,
  pathGlobsProblems,
  placeOf,
  scalarProblem,
  type ValueProblem,
  variableProblems,
} from './value-problem.js';

/*
 * Each function returns why a value is invalid, as the end of a sentence that begins with the setting; null if it is
 * valid. None quotes the value.
 */

/** Checks a value in the form that the API accepts. Null is invalid here, even for a nullable setting. */
export function settingProblem(setting: Setting, value: unknown): string | null {
  switch (setting.kind) {
    case 'service':
      return serviceProblem(value);
    case 'variables':
      return variablesProblem(setting, value);
    case 'command':
      return commandProblem(value);
    case 'globs':
      return globsProblem(setting, value);
    case 'path-globs':
      return firstProblem(pathGlobsProblems(setting, value));
    case 'containers':
      return firstProblem(containersProblems(value));
    default:
      return scalarProblem(setting, value);
  }
}

function serviceProblem(value: unknown): string | null {
  if (typeof value === 'boolean') return null;
  if (!isObject(value)) return 'must be true, false, or an object with enabled, version and storage_mb';
  const { enabled, version = null, storage_mb: storage = null, ...others } = value;
  if (Object.keys(others).length > 0) return 'may only have enabled, version and storage_mb';
  if (enabled !== undefined && typeof enabled !== 'boolean')
    return 'is invalid: enabled must be true or false';
  const problem =
    (version !== null && named('version', scalarProblem(SERVICE_VERSION, version))) ||
    (storage !== null && named('storage_mb', scalarProblem(SERVICE_STORAGE, storage)));
  return problem === false ? null : problem;
}

function variablesProblem(rules: VariablesRules, value: unknown): string | null {
  return firstProblem(variableProblems(rules, value));
}

function firstProblem([first]: readonly ValueProblem[]): string | null {
  if (first === undefined) return null;
  const { path, message } = first;
  return path.length === 0 ? message : `is invalid at ${placeOf(path)}: ${message}`;
}

function globsProblem({ atMost }: GlobsRules, value: unknown): string | null {
  if (!Array.isArray(value)) return 'must be a list of globs';
  if (value.length > atMost) return `must have at most ${atMost} globs`;
  const invalid = value.findIndex((glob) => typeof glob !== 'string' || !isBranchGlob(glob));
  return invalid === -1 ? null : `is invalid at index ${invalid}: each ${BRANCH_GLOB_RULE}`;
}

function named(option: string, problem: string | null): string | false {
  return problem === null ? false : `is invalid: ${option} ${problem}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
