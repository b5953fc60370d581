import type Docker from 'dockerode';
import { LABELS, type Labels } from '../client/engine-labels.js';
import { asTemplate } from './swarm-template.js';

export const NANO = 1_000_000_000;
export const MIB = 1024 * 1024;
/** The most processes and threads of one container: plenty for an app, and it stops a fork bomb. */
const PIDS_LIMIT = 1024;
/** Swarm refuses less. A small app reserves less when `CPU_OVERCOMMIT` is large. */
const LEAST_NANO_CPUS = 1_000_000;

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
  /** Seconds between the stop signal and SIGKILL. */
  readonly stopGraceSeconds: number;
  /** Whether the engine's init is process 1, which is the default; otherwise the image's own command is. */
  readonly init?: boolean;
}

/** Where the containers of a service run. */
export interface Place {
  /** The only node that may run them; any may by default. */
  readonly nodeId?: string;
  /**
   * Whether they join the project's bridge to the ingress besides its overlay, to which that node's agent connects them.
   * The bridge exists on one node only.
   */
  readonly isOnBridge: boolean;
}

/** The settings that differ between kinds of services. */
export interface TaskContext {
  readonly labels: Labels;
  /** The id of its project's overlay network. */
  readonly overlay: string;
  readonly place: Place;
  /** Additional names in the overlay's DNS. */
  readonly aliases?: readonly string[];
  /** Another overlay network that it joins, and its name there. */
  readonly also?: { readonly overlay: string; readonly alias?: string };
  readonly restart: Docker.TaskRestartPolicy;
  /** The resources a node reserves for it; without them only its limits apply. */
  readonly reserved?: Pick<TaskSpec, 'cpu' | 'memoryMb'>;
  readonly container?: Partial<Docker.ContainerSpec>;
}

/**
 * Disables the HEALTHCHECK of an image. With one, Swarm publishes a container only once it has passed, and kills one
 * whose check fails; only Nexos's own check shall decide.
 */
const NO_HEALTH_CHECK: Docker.HealthConfig = { Test: ['NONE'] };

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
      Labels: labelsAt(context.place, context.labels),
      Env: Object.entries(spec.env).map(([name, value]) => asTemplate(`${name}=${value}`)),
      Init: spec.init ?? true,
      HealthCheck: NO_HEALTH_CHECK,
      Privileges: privileges,
      StopGracePeriod: spec.stopGraceSeconds * NANO,
      ...context.container,
    },
    Networks: [
      { Target: context.overlay, ...(context.aliases && { Aliases: [...context.aliases] }) },
      ...(context.also === undefined ? [] : [attachment(context.also)]),
    ],
    Resources: {
      Limits: { ...resourcesOf(spec), Pids: PIDS_LIMIT },
      ...(context.reserved && { Reservations: resourcesOf(context.reserved) }),
    },
    RestartPolicy: context.restart,
    LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
    Placement: placementAt(context.place),
  };
}

/** Disables the HEALTHCHECK of the image of a service, which an earlier release may have created without that. */
export function withoutHealthCheck(spec: Docker.ServiceSpec): Docker.ServiceSpec {
  const template = spec.TaskTemplate as Docker.ContainerTaskSpec;
  // The engine's responses spell the name differently.
  const others = Object.entries(template.ContainerSpec ?? {}).filter(([name]) => name !== 'Healthcheck');
  const ContainerSpec = { ...Object.fromEntries(others), HealthCheck: NO_HEALTH_CHECK };
  return { ...spec, TaskTemplate: { ...template, ContainerSpec } };
}

/** Returns the template of a service with its containers at another place. */
export function movedTo(place: Place, template: Docker.ContainerTaskSpec): Docker.ContainerTaskSpec {
  const { ContainerSpec: container } = template;
  return {
    ...template,
    ContainerSpec: { ...container, Labels: labelsAt(place, container?.Labels ?? {}) },
    Placement: placementAt(place),
  };
}

/** Reports whether the containers of a service join the bridge; those of earlier releases join only the overlay. */
export function isOnBridge(spec: Docker.ServiceSpec | undefined): boolean {
  const template = spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
  return template?.ContainerSpec?.Labels?.[LABELS.bridge] === 'true';
}

/** Sets the label on every container: an image may have a label of this name, which would count otherwise. */
function labelsAt({ isOnBridge }: Place, labels: Labels): Record<string, string> {
  return { ...(labels as Record<string, string>), [LABELS.bridge]: String(isOnBridge) };
}

function attachment({ overlay, alias }: NonNullable<TaskContext['also']>): Docker.NetworkAttachmentConfig {
  return { Target: overlay, ...(alias !== undefined && { Aliases: [alias] }) };
}

function placementAt({ nodeId }: Place): Docker.Placement {
  return { Constraints: nodeId === undefined ? [] : [`node.id==${nodeId}`] };
}

/** Returns what Swarm counts for a reservation. */
export function reservedBy(reserved: Pick<TaskSpec, 'cpu' | 'memoryMb'>) {
  const { NanoCPUs: nanoCpus = 0, MemoryBytes: memoryBytes = 0 } = resourcesOf(reserved);
  return { nanoCpus, memoryBytes };
}

function resourcesOf({ cpu, memoryMb }: Pick<TaskSpec, 'cpu' | 'memoryMb'>): Docker.ResourceLimits {
  return {
    NanoCPUs: cpu === 0 ? 0 : Math.max(LEAST_NANO_CPUS, Math.round(cpu * NANO)),
    MemoryBytes: Math.round(memoryMb * MIB),
  };
}
