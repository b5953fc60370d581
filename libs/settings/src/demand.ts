import { SERVICE_KINDS, type ServiceKind } from '@nexos/domain';
import { containersOf } from './containers/containers-of.js';
import type { DeploymentSettings } from './settings-types.js';

/** What a version takes when it runs. */
export interface Demand {
  readonly containers: number;
  /** Cores of all containers. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** The services of the project that it uses. */
  readonly services: readonly ServiceKind[];
}

/** Returns what a version with these settings takes. */
export function demandOf(settings: DeploymentSettings): Demand {
  const containers = containersOf(settings);
  return {
    containers: containers.length,
    cpu: containers.reduce((sum, { cpu }) => sum + cpu, 0),
    memoryMb: containers.reduce((sum, { memory_mb }) => sum + memory_mb, 0),
    services: SERVICE_KINDS.filter((kind) => settings.services[kind] !== false),
  };
}

/** Returns whether a version takes more of anything than another one. */
export function isMoreThan(one: Demand, other: Demand): boolean {
  return (
    one.containers > other.containers ||
    one.cpu > other.cpu ||
    one.memoryMb > other.memoryMb ||
    one.services.some((kind) => !other.services.includes(kind))
  );
}
