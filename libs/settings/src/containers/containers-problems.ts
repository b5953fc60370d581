import { dependencyCycle, MAX_CONTAINERS, RESERVED_CONTAINERS, SERVICE_KINDS } from '@nexos/domain';
import { closestField } from '../file/closest-field.js';
import { commandProblem, scalarProblem, type ValueProblem, variableProblems } from '../value-problem.js';
import { CONTAINER_FIELDS, type ContainerFieldRules, NAME } from './container-fields.js';
import type { GivenContainer } from './container-values.js';

type Values = Readonly<Record<string, unknown>>;
type Container = Values & Pick<GivenContainer, 'name'>;

const FIELD_NAMES = Object.keys(CONTAINER_FIELDS);
const APP: Container = { name: 'app' };

/**
 * Returns what is wrong with containers as users give them. Relations between containers are checked once each of them
 * is valid.
 */
export function containersProblems(value: unknown): ValueProblem[] {
  if (!Array.isArray(value)) return [{ path: [], message: 'must be a list of containers' }];
  if (value.length > MAX_CONTAINERS) {
    return [{ path: [], message: `must have at most ${MAX_CONTAINERS} containers` }];
  }
  const own = value.flatMap((one: unknown, at) => within([at], containerProblems(one)));
  return own.length > 0 ? own : relationProblems(value as Container[]);
}

function containerProblems(value: unknown): ValueProblem[] {
  if (!isObject(value)) return [{ path: [], message: `must have these fields: ${FIELD_NAMES.join(', ')}` }];
  if (!Object.hasOwn(value, 'name')) return [{ path: [], message: 'must have a name' }];
  const problems = Object.entries(value).flatMap(([name, one]) => {
    if (!isField(name)) return [{ path: [name], message: unknownField(name) }];
    return within([name], fieldProblems(CONTAINER_FIELDS[name], one));
  });
  return problems.length > 0 ? problems : combinationProblems(value as Container);
}

function isField(name: string): name is keyof GivenContainer {
  return Object.hasOwn(CONTAINER_FIELDS, name);
}

function unknownField(name: string): string {
  const closest = closestField('', name, FIELD_NAMES);
  const hint = closest === null ? '' : `did you mean ${closest}? `;
  return `is not a known field; ${hint}known fields: ${FIELD_NAMES.join(', ')}`;
}

function fieldProblems(rules: ContainerFieldRules, value: unknown): ValueProblem[] {
  switch (rules.kind) {
    case 'variables':
      return variableProblems(rules, value);
    case 'names':
      return namesProblems(value);
    case 'command':
      return asProblem(commandProblem(value));
    default:
      return asProblem(scalarProblem(rules, value));
  }
}

function namesProblems(value: unknown): ValueProblem[] {
  if (!Array.isArray(value)) return [{ path: [], message: 'must be a list of names of containers' }];
  if (value.length > MAX_CONTAINERS)
    return [{ path: [], message: `must have at most ${MAX_CONTAINERS} names` }];
  const names = value as unknown[];
  return names.flatMap((name, at) => {
    const problem = scalarProblem(NAME, name);
    return within([at], asProblem(problem ?? (names.indexOf(name) === at ? null : 'is listed twice')));
  });
}

/** Checks what fields mean together. */
function combinationProblems(container: Container): ValueProblem[] {
  const has = (field: keyof GivenContainer) => container[field] !== undefined;
  if (RESERVED_CONTAINERS.includes(container.name)) {
    return [{ path: ['name'], message: reservedName(container.name) }];
  }
  const ofBuild = (['dockerfile', 'context', 'target'] as const).find(has);
  if (has('image') && ofBuild !== undefined) {
    return [{ path: ['image'], message: `must not be combined with ${ofBuild}: an image is not built` }];
  }
  if (ofBuild !== undefined && !has('dockerfile')) {
    return [{ path: [ofBuild], message: "needs dockerfile: without it, the container runs the app's image" }];
  }
  if (has('memory') && has('memory_mb')) {
    return [{ path: ['memory'], message: 'is another name of memory_mb; keep one of the two' }];
  }
  if (!has('health_check_path') || has('port') || container.public === true) return [];
  return [{ path: ['health_check_path'], message: 'needs port: without one, nothing is probed' }];
}

function reservedName(name: string): string {
  const meaning = SERVICE_KINDS.some((kind) => kind === name)
    ? `which is a service: set services.${name} to true, or choose another name`
    : 'which means something else';
  return `must not be ${name}, ${meaning}; reserved: ${RESERVED_CONTAINERS.join(', ')}`;
}

function relationProblems(containers: readonly Container[]): ValueProblem[] {
  const names = containers.map(({ name }) => name);
  const twice = names.flatMap((name, at) =>
    names.indexOf(name) === at
      ? []
      : [{ path: [at, 'name'], message: `is the name of two containers: ${name}` }],
  );
  if (twice.length > 0) return twice;
  const known = [APP.name, ...names];
  const dependents = containers.map(({ name, depends_on: others = [] }) => ({
    name,
    depends_on: others as readonly string[],
  }));
  const unknown = dependents.flatMap(({ depends_on: others }, at) =>
    others.flatMap((other, position) =>
      known.includes(other)
        ? []
        : [{ path: [at, 'depends_on', position], message: unknownDependency(other, known) }],
    ),
  );
  if (unknown.length > 0) return unknown;
  const cycle = dependencyCycle(dependents);
  if (cycle === null) return [];
  const path = [names.indexOf(cycle[0] ?? ''), 'depends_on'];
  return [{ path, message: `must not lead in a circle: ${cycle.join(' → ')}` }];
}

function unknownDependency(name: string, known: readonly string[]): string {
  const isService = SERVICE_KINDS.some((kind) => kind === name);
  const hint = isService ? '; services run before all containers, so leave them out' : '';
  return `must be a container: ${known.join(', ')}${hint}`;
}

function within(path: readonly (string | number)[], problems: readonly ValueProblem[]): ValueProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

function asProblem(message: string | null): ValueProblem[] {
  return message === null ? [] : [{ path: [], message }];
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
