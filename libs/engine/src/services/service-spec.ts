import type Docker from 'dockerode';
import { ownerLabels } from '../client/engine-labels.js';
import { serviceName } from '../client/engine-names.js';
import { NANO, type TaskSpec, taskTemplate } from './task-template.js';

/** Seconds between an app's exit and its restart. */
const RESTART_DELAY_SECONDS = 1;

/** The specification of a deployment's service. */
export interface DeploymentServiceSpec extends TaskSpec {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
  /** How often the deployment has moved to another node; part of the service's name. */
  readonly moves: number;
  /** The port the app listens on, passed to it as `PORT`. */
  readonly port: number;
}

/** The installation, network and overcommit of a service. */
export interface ServiceContext {
  readonly instance: string;
  readonly networkId: string;
  /** The divisor of `cpu` for the CPU that a node reserves. */
  readonly cpuOvercommit: number;
}

/**
 * Describes the Swarm service of a deployment. It publishes no port and has no virtual address: the ingress finds
 * the tasks by DNS (`tasks.<service>`), which works without IPVS in the kernel.
 *
 * @throws {RangeError} when the image is not an id or a digest
 */
export function serviceSpec(
  { instance, networkId, cpuOvercommit }: ServiceContext,
  spec: DeploymentServiceSpec,
): Docker.ServiceSpec {
  const labels = ownerLabels(instance, spec);
  const env = { ...spec.env, PORT: String(spec.port) };
  return {
    Name: serviceName(instance, spec.deploymentId, spec.moves),
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: taskTemplate(
      { ...spec, env },
      {
        labels,
        networkId,
        reserved: { cpu: spec.cpu / cpuOvercommit, memoryMb: spec.memoryMb },
        restart: { Condition: 'any', Delay: RESTART_DELAY_SECONDS * NANO, MaxAttempts: 0 },
      },
    ),
  };
}
