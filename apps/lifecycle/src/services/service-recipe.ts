import { type ServiceKind } from '@nexos/domain';
import { type Guard, type SharedServiceSpec } from '@nexos/engine';
import { type ServiceCredentials } from '@nexos/env-vars';

/** One command that runs in a container of the service's own image, on the project's network. */
export interface ServiceJob {
  /** Arguments, of which none is secret. */
  readonly command: readonly string[];
  /** What it works with, secrets among it. */
  readonly env: Readonly<Record<string, string>>;
}

/** What is done by requests to the service, through the ingress. */
export interface ServiceCall {
  /**
   * Does all of it, or throws: it is begun anew after a `ServiceAwayError`.
   *
   * @throws {ServiceAwayError} when the service does not answer yet, or not now
   * @throws {ServiceRefusedError} when it answers that it will not
   */
  readonly call: (on: ServiceReach) => Promise<void>;
}

export interface ServiceReach {
  /** The Swarm service. */
  readonly service: string;
  /** Awaited before each request that changes something. */
  readonly guard: Guard;
  readonly signal: AbortSignal;
  /** To be told of progress, where there is much to do: time then counts anew. */
  readonly onProgress: () => void;
}

/** The service does not answer yet, or not now. */
export class ServiceAwayError extends Error {
  override readonly name = 'ServiceAwayError';
}

/** The service answers, and does not do what it is asked for. */
export class ServiceRefusedError extends Error {
  override readonly name = 'ServiceRefusedError';
}

/** One thing to do with a service, either way. */
export type ProvisioningTask = ServiceJob | ServiceCall;

/** Which database of an environment becomes which. */
export interface DatabaseSwap {
  /** The generation of the database that is put aside. */
  readonly putAside: number;
  /** The generation that is brought back; null: a new one is made. */
  readonly broughtBack: number | null;
}

/**
 * All that is particular to one kind of service. Each piece of work waits until the service answers, may be run again after it was
 * cut off anywhere, and then comes to the same end.
 */
export interface ServiceRecipe {
  readonly kind: ServiceKind;
  /** As users know it. */
  readonly title: string;
  /** With a tag or a digest. */
  readonly image: string;
  /** @param adminPassword of the service's administrator */
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
  /** Makes an environment's part. */
  provision(credentials: ServiceCredentials): Promise<ProvisioningTask>;
  /** Takes an environment's part away with all that it holds. */
  deprovision(credentials: ServiceCredentials): ProvisioningTask;
  /** What the environment's app is told. */
  variables(credentials: ServiceCredentials): Record<string, string>;
}
