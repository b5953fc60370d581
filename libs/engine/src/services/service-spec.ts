import type Docker from 'dockerode';
import { ownerLabels } from '../client/engine-labels.js';
import { serviceName } from '../client/engine-names.js';
import { NANO, type TaskSpec, taskTemplate } from './task-template.js';

/** Seconds between an app's end and its next start. */
const RESTART_DELAY_SECONDS = 1;

/** What it takes to run one deployment. */
export interface DeploymentServiceSpec extends TaskSpec {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
  /** The port that the app listens on; told to it as `PORT`. */
  readonly port: number;
}

/** Whose service it is, and how it is placed. */
export interface ServiceSurroundings {
  readonly instance: string;
  readonly networkId: string;
  /** By how much `cpu` is divided for what a node keeps free. */
  readonly cpuOvercommit: number;
}

/**
 * The Swarm service of a deployment. No port is published and no address is virtual: the ingress finds the
 * tasks by DNS (`tasks.<service>`), which works without IPVS in the kernel.
 *
 * @throws {RangeError} when the image is not pinned by its content
 */
export function serviceSpec(
  { instance, networkId, cpuOvercommit }: ServiceSurroundings,
  spec: DeploymentServiceSpec,
): Docker.ServiceSpec {
  const labels = ownerLabels(instance, spec);
  const env = { ...spec.env, PORT: String(spec.port) };
  return {
    Name: serviceName(instance, spec.deploymentId),
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
