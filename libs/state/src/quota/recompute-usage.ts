import { type DesiredState, type EnvironmentStatus, isActive, type ServiceKind } from '@nexos/domain';
import { demandOf, type DeploymentSettings } from '@nexos/settings';
import type { ServiceSize } from './service-sizes.repository.js';
import type { ReservedUsage } from './usage.js';

/** An environment, with the versions that run or are about to. */
export interface CountedEnvironment {
  readonly projectId: string;
  readonly branch: string;
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly versions: readonly DeploymentSettings[];
}

/** A service that a project has. */
export interface CountedService {
  readonly projectId: string;
  readonly kind: ServiceKind;
  /** What it reserves, in MiB; null before its first start. */
  readonly memoryMb: number | null;
}

type Figure = 'cpu' | 'memoryMb';

/** The rows of an account that its usage follows from. */
export interface UsageRows {
  readonly projects: number;
  readonly environments: readonly CountedEnvironment[];
  readonly services: readonly CountedService[];
  readonly sizes: readonly ServiceSize[];
}

/** Computes the usage of an account by the rules of the settings and states, as a check of the SQL that admissions use. */
export function recomputeUsage({ projects, environments, services, sizes }: UsageRows): ReservedUsage {
  const active = environments.filter(
    (environment) => isActive(environment) && environment.versions.length > 0,
  );
  const byBranch = new Map<string, CountedEnvironment[]>();
  for (const environment of active) {
    const key = keyOf(environment.projectId, environment.branch);
    byBranch.set(key, [...(byBranch.get(key) ?? []), environment]);
  }
  const existing = servicesOf(active, services, sizes);
  const reserved = (figure: Figure): number =>
    sum([...byBranch.values()].map((environments) => ofBranch(environments, figure))) +
    sum(existing.map((service) => service[figure]));
  return { projects, cpu: reserved('cpu'), memoryMb: reserved('memoryMb') };
}

/**
 * Returns what the environments of one branch reserve. One that is being destroyed shares with the one that follows it. While two
 * are still stopping, nothing is shared.
 */
function ofBranch(environments: readonly CountedEnvironment[], figure: Figure): number {
  const reserved = (isLeaving: boolean): number[] =>
    environments
      .filter(({ status }) => (status === 'destroying') === isLeaving)
      .map(({ versions }) => Math.max(...versions.map((version) => demandOf(version)[figure])));
  const leaving = reserved(true);
  const [left, stays] = [sum(leaving), sum(reserved(false))];
  return leaving.length > 1 ? left + stays : Math.max(left, stays);
}

/** Returns what the services of the projects take that have active environments: those wanted, and those that exist. */
function servicesOf(
  active: readonly CountedEnvironment[],
  services: readonly CountedService[],
  sizes: readonly ServiceSize[],
): { cpu: number; memoryMb: number }[] {
  const existing = new Map(services.map((service) => [keyOf(service.projectId, service.kind), service]));
  return [...new Set(active.map(({ projectId }) => projectId))].flatMap((projectId) => {
    const wanted = active
      .filter((environment) => environment.projectId === projectId)
      .flatMap(({ versions }) => versions.flatMap((settings) => demandOf(settings).services));
    return sizes.flatMap(({ kind, cpu, memoryMb }) => {
      const service = existing.get(keyOf(projectId, kind));
      if (service === undefined && !wanted.includes(kind)) return [];
      return [{ cpu, memoryMb: service?.memoryMb ?? memoryMb }];
    });
  });
}

function keyOf(projectId: string, name: string): string {
  return `${projectId} ${name}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
