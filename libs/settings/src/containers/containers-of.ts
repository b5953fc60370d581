import { APP_CONTAINER } from '@nexos/domain';
import { SETTINGS } from '../settings-table.js';
import type { DeploymentSettings } from '../settings-types.js';
import type { StoredContainer } from './container-values.js';

/** A container of a version, as it runs. */
export type Container = Pick<
  StoredContainer,
  | 'name'
  | 'command'
  | 'port'
  | 'public'
  | 'overlap'
  | 'cpu'
  | 'memory_mb'
  | 'env'
  | 'depends_on'
  | 'health_check_path'
  | 'start_timeout_seconds'
  | 'init'
> & {
  /** Its place among the containers of the version: 0 is the app. */
  readonly index: number;
};

/** Returns the containers that a version runs: the app, and further ones. */
export function containersOf(settings: DeploymentSettings): readonly [Container, ...Container[]] {
  const { port, cpu, memory_mb, health_check_path, start_timeout_seconds, init } = settings;
  const app = {
    name: APP_CONTAINER,
    index: 0,
    command: null,
    public: true,
    overlap: true,
    env: {},
    depends_on: [],
    ...{ port, cpu, memory_mb, health_check_path, start_timeout_seconds, init },
  };
  return [
    app,
    ...settings.containers.map((container, at) => ({ ...container, port: portOf(container), index: at + 1 })),
  ];
}

/** Returns the port of a container; null when it answers no requests. */
function portOf({ port, public: isPublic }: StoredContainer): number | null {
  return port ?? (isPublic ? SETTINGS.port.default : null);
}
