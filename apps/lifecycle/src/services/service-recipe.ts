import { type ServiceKind } from '@nexos/domain';
import { type Guard, type SharedServiceSpec } from '@nexos/engine';
import { type ServiceCredentials } from '@nexos/env-vars';

/** A command that runs in a container of the service's image, on the project's network. */
export interface ServiceJob {
  /** Arguments, without secrets. */
  readonly command: readonly string[];
  /** Environment variables, including secrets. */
  readonly env: Readonly<Record<string, string>>;
}

/** A task that sends requests to the service through the ingress. */
export interface ServiceCall {
  /**
   * Does everything or throws. Restarted from the beginning after a `ServiceUnavailableError`.
   *
   * @throws {ServiceUnavailableError} when the service does not answer, yet or any longer
   * @throws {ServiceRefusedError} when it refuses
   */
  readonly call: (on: ServiceReach) => Promise<void>;
}

export interface ServiceReach {
  /** The name of the Swarm service. */
  readonly service: string;
  /** The service of the relay in front of it, if it is behind one. */
  readonly relay: string | null;
  /** Awaited before each request that changes something. */
  readonly guard: Guard;
  readonly signal: AbortSignal;
  /** Reports progress of a long task, which restarts the timeout. */
  readonly onProgress: () => void;
}

/** The service does not answer, yet or any longer. */
export class ServiceUnavailableError extends Error {
  override readonly name = 'ServiceUnavailableError';
}

/** The service answers, but refuses the request. */
export class ServiceRefusedError extends Error {
  override readonly name = 'ServiceRefusedError';
}

/** A task for a service, as a job or as a call. */
export type ProvisioningTask = ServiceJob | ServiceCall;

/** A swap of an environment's database. */
export interface DatabaseSwap {
  /** Generation of the current database, which becomes a backup. */
  readonly backedUp: number;
  /** Generation to restore; null to create an empty database. */
  readonly restored: number | null;
}

/**
 * Everything specific to one kind of service. Each task waits until the service answers and is idempotent, even after
 * it was interrupted at any point.
 */
export interface ServiceRecipe {
  readonly kind: ServiceKind;
  /** Display name. */
  readonly title: string;
  /** Whether Nexos itself sends it requests, through the ingress. */
  readonly isBehindIngress: boolean;
  /** @param adminPassword the administrator's password */
  container(
    adminPassword: string,
  ): Pick<
    SharedServiceSpec,
    | 'command'
    | 'env'
    | 'cpu'
    | 'memoryMb'
    | 'mountPath'
    | 'stopSignal'
    | 'stopGraceSeconds'
    | 'sharedMemoryMb'
  >;
  /** Waits until the service answers. */
  waitReady(credentials: ServiceCredentials): ProvisioningTask;
  /** Creates an environment's part of the service. */
  provision(credentials: ServiceCredentials): Promise<ProvisioningTask>;
  /** Removes an environment's part and all its data. */
  deprovision(credentials: ServiceCredentials): ProvisioningTask;
  /** Returns the variables for the environment's app. */
  variables(credentials: ServiceCredentials): Record<string, string>;
}
