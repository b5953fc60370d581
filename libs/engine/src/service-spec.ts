import type Docker from 'dockerode';
import { ownerLabels } from './engine-labels.js';
import { serviceName } from './engine-names.js';

const NANO = 1_000_000_000;
const MIB = 1024 * 1024;
/** Processes and threads of one container: plenty for an app, an end for a fork bomb. */
const PIDS_LIMIT = 1024;
/** Seconds between an app's end and its next start. */
const RESTART_DELAY_SECONDS = 1;

/** What it takes to run one deployment. */
export interface DeploymentServiceSpec {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
  /** An image id (`sha256:…`) or a digest reference; a bare tag is refused, for Swarm would ask a registry for it. */
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** The port that the app listens on; told to it as `PORT`. */
  readonly port: number;
  /** Number of CPUs, fractions allowed. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** The node that has the image, when there is no registry that every node can pull from. */
  readonly nodeId?: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopGraceSeconds: number;
}

const PINNED_IMAGE = /^(sha256:[0-9a-f]{64}|[^\s@]+@sha256:[0-9a-f]{64})$/;

/**
 * The Swarm service of a deployment. No port is published and no address is virtual: the ingress finds the
 * tasks by DNS (`tasks.<service>`), which works without IPVS in the kernel.
 *
 * `NoNewPrivileges` exists from API 1.44 on; older engines ignore it there, so it belongs into the daemon's
 * own defaults as well. https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Service
 *
 * @throws {RangeError} when the image is not pinned by its content
 */
export function serviceSpec(
  instance: string,
  networkId: string,
  spec: DeploymentServiceSpec,
): Docker.ServiceSpec {
  if (!PINNED_IMAGE.test(spec.image)) throw new RangeError('A service runs by image id or digest only.');
  const labels = ownerLabels(instance, spec);
  const resources = { NanoCPUs: Math.round(spec.cpu * NANO), MemoryBytes: Math.round(spec.memoryMb * MIB) };
  const privileges = { NoNewPrivileges: true } as Docker.Privileges;
  return {
    Name: serviceName(instance, spec.deploymentId),
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: {
      ContainerSpec: {
        Image: spec.image,
        Labels: labels,
        Env: environment(spec),
        Init: true,
        Privileges: privileges,
        StopGracePeriod: spec.stopGraceSeconds * NANO,
      },
      Networks: [{ Target: networkId }],
      Resources: { Limits: { ...resources, Pids: PIDS_LIMIT }, Reservations: resources },
      RestartPolicy: { Condition: 'any', Delay: RESTART_DELAY_SECONDS * NANO, MaxAttempts: 0 },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
      Placement: { Constraints: spec.nodeId === undefined ? [] : [`node.id==${spec.nodeId}`] },
    },
  };
}

function environment(spec: DeploymentServiceSpec): string[] {
  return Object.entries({ ...spec.env, PORT: String(spec.port) }).map(([name, value]) => `${name}=${value}`);
}
