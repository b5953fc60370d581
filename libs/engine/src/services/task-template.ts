import type Docker from 'dockerode';
import { type Labels } from '../client/engine-labels.js';
import { asTemplate } from './swarm-template.js';

export const NANO = 1_000_000_000;
export const MIB = 1024 * 1024;
/** The most processes and threads of one container: plenty for an app, and it stops a fork bomb. */
const PIDS_LIMIT = 1024;

/** The settings that all our containers have, whichever service they belong to. */
export interface TaskSpec {
  /** An image id (`sha256:…`) or a digest reference; a bare tag is refused, because Swarm would query a registry. */
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces the image's entrypoint. */
  readonly command?: readonly string[];
  /** Number of CPUs, fractions allowed. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** The node it must run on, if any. */
  readonly nodeId?: string;
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopGraceSeconds: number;
}

/** The settings that differ between kinds of services. */
export interface TaskContext {
  readonly labels: Labels;
  readonly networkId: string;
  /** Additional names in the network's DNS. */
  readonly aliases?: readonly string[];
  readonly restart: Docker.TaskRestartPolicy;
  /** The resources a node reserves for it; without them only its limits apply. */
  readonly reserved?: Pick<TaskSpec, 'cpu' | 'memoryMb'>;
  readonly container?: Partial<Docker.ContainerSpec>;
}

const PINNED_IMAGE = /^(sha256:[0-9a-f]{64}|[^\s@]+@sha256:[0-9a-f]{64})$/;

/**
 * Describes the containers of a Swarm service: with limits on every resource they could exhaust, and no privileges.
 *
 * `NoNewPrivileges` exists from API 1.44 on. Older engines ignore it here, so set it in the daemon's defaults too.
 * https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Service
 *
 * @throws {RangeError} when the image is not an id or a digest
 */
export function taskTemplate(spec: TaskSpec, context: TaskContext): Docker.ContainerTaskSpec {
  if (!PINNED_IMAGE.test(spec.image)) {
    throw new RangeError(`${JSON.stringify(spec.image)} is not an image id or a digest reference.`);
  }
  const privileges = { NoNewPrivileges: true } as Docker.Privileges;
  return {
    ContainerSpec: {
      Image: spec.image,
      ...(spec.command !== undefined && { Command: [...spec.command] }),
      Labels: context.labels as Record<string, string>,
      Env: Object.entries(spec.env).map(([name, value]) => asTemplate(`${name}=${value}`)),
      Init: true,
      Privileges: privileges,
      StopGracePeriod: spec.stopGraceSeconds * NANO,
      ...context.container,
    },
    Networks: [{ Target: context.networkId, ...(context.aliases && { Aliases: [...context.aliases] }) }],
    Resources: {
      Limits: { ...resourcesOf(spec), Pids: PIDS_LIMIT },
      ...(context.reserved && { Reservations: resourcesOf(context.reserved) }),
    },
    RestartPolicy: context.restart,
    LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
    Placement: { Constraints: spec.nodeId === undefined ? [] : [`node.id==${spec.nodeId}`] },
  };
}

function resourcesOf({ cpu, memoryMb }: Pick<TaskSpec, 'cpu' | 'memoryMb'>): Docker.ResourceLimits {
  return { NanoCPUs: Math.round(cpu * NANO), MemoryBytes: Math.round(memoryMb * MIB) };
}
