import type Docker from 'dockerode';
import { ownerLabels } from '../client/engine-labels.js';
import { serviceName } from '../client/engine-names.js';
import { NANO, type Place, type TaskSpec, taskTemplate } from './task-template.js';

/** Seconds between a container's exit and its restart. */
const RESTART_DELAY_SECONDS = 1;

/** The specification of the service of a deployment's container. */
export interface DeploymentServiceSpec extends TaskSpec {
  readonly projectId: string;
  readonly environmentId: string;
  readonly deploymentId: string;
  /** How often the deployment has moved to another node; part of the service's name. */
  readonly moves: number;
  /** The container's name, and its place among those of the deployment. */
  readonly container: string;
  readonly index: number;
  /** Whether it joins the network of its version, where its name leads to it. */
  readonly hasSiblings: boolean;
  /** The only node that has its image; every node can run it by default. */
  readonly nodeId?: string;
}

/** The installation, network, place and overcommit of a service. */
export interface ServiceContext {
  readonly instance: string;
  /** The id of its project's overlay network. */
  readonly overlay: string;
  /** The id of its version's overlay network, if it joins that. */
  readonly versionOverlay: string | null;
  readonly place: Place;
  /** The divisor of `cpu` for the CPU that a node reserves. */
  readonly cpuOvercommit: number;
}

/**
 * Describes the Swarm service of a deployment's container. It publishes no port and has no virtual address, which works
 * without IPVS in the kernel: the ingress reaches its container over the project's bridge, or through its relay.
 *
 * @throws {RangeError} when the image is not an id or a digest
 */
export function serviceSpec(
  { instance, overlay, versionOverlay, place, cpuOvercommit }: ServiceContext,
  spec: DeploymentServiceSpec,
): Docker.ServiceSpec {
  const labels = ownerLabels(instance, spec);
  return {
    Name: serviceName(instance, spec.deploymentId, spec.moves, spec.index),
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: taskTemplate(spec, {
      labels,
      overlay,
      ...(versionOverlay !== null && { also: { overlay: versionOverlay, alias: spec.container } }),
      place,
      reserved: { cpu: spec.cpu / cpuOvercommit, memoryMb: spec.memoryMb },
      restart: { Condition: 'any', Delay: RESTART_DELAY_SECONDS * NANO, MaxAttempts: 0 },
    }),
  };
}
