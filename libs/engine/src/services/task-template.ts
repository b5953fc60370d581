import type Docker from 'dockerode';
import { type Labels } from '../client/engine-labels.js';
import { asTemplate } from './swarm-template.js';

export const NANO = 1_000_000_000;
export const MIB = 1024 * 1024;
/** Processes and threads of one container: plenty for an app, an end for a fork bomb. */
const PIDS_LIMIT = 1024;

/** What every container of ours is told, whichever service it belongs to. */
export interface TaskSpec {
  /** An image id (`sha256:…`) or a digest reference; a bare tag is refused, for Swarm would ask a registry for it. */
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** In place of the image's entrypoint. */
  readonly command?: readonly string[];
  /** Number of CPUs, fractions allowed. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** The node that it has to run on, where not every node will do. */
  readonly nodeId?: string;
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopGraceSeconds: number;
}

/** What differs between the kinds of services. */
export interface TaskSurroundings {
  readonly labels: Labels;
  readonly networkId: string;
  /** Names beside the service's own in its network's DNS. */
  readonly aliases?: readonly string[];
  readonly restart: Docker.TaskRestartPolicy;
  /** What the node keeps free for it; without that it only may not take more than its limits. */
  readonly reserved?: Pick<TaskSpec, 'cpu' | 'memoryMb'>;
  readonly container?: Partial<Docker.ContainerSpec>;
}

const PINNED_IMAGE = /^(sha256:[0-9a-f]{64}|[^\s@]+@sha256:[0-9a-f]{64})$/;

/**
 * The containers of a Swarm service: limits on all they could exhaust, and no privilege.
 *
 * `NoNewPrivileges` exists from API 1.44 on; older engines ignore it there, so it belongs into the daemon's
 * own defaults as well. https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Service
 *
 * @throws {RangeError} when the image is not pinned by its content
 */
export function taskTemplate(spec: TaskSpec, around: TaskSurroundings): Docker.ContainerTaskSpec {
  if (!PINNED_IMAGE.test(spec.image)) throw new RangeError('A service runs by image id or digest only.');
  const privileges = { NoNewPrivileges: true } as Docker.Privileges;
  return {
    ContainerSpec: {
      Image: spec.image,
      ...(spec.command !== undefined && { Command: [...spec.command] }),
      Labels: around.labels as Record<string, string>,
      Env: Object.entries(spec.env).map(([name, value]) => asTemplate(`${name}=${value}`)),
      Init: true,
      Privileges: privileges,
      StopGracePeriod: spec.stopGraceSeconds * NANO,
      ...around.container,
    },
    Networks: [{ Target: around.networkId, ...(around.aliases && { Aliases: [...around.aliases] }) }],
    Resources: {
      Limits: { ...resourcesOf(spec), Pids: PIDS_LIMIT },
      ...(around.reserved && { Reservations: resourcesOf(around.reserved) }),
    },
    RestartPolicy: around.restart,
    LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
    Placement: { Constraints: spec.nodeId === undefined ? [] : [`node.id==${spec.nodeId}`] },
  };
}

function resourcesOf({ cpu, memoryMb }: Pick<TaskSpec, 'cpu' | 'memoryMb'>): Docker.ResourceLimits {
  return { NanoCPUs: Math.round(cpu * NANO), MemoryBytes: Math.round(memoryMb * MIB) };
}
