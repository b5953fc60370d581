import type { ServiceKind } from '@nexos/domain';
import type { SharedServiceSpec } from '@nexos/engine';
import type { ServiceCredentials } from '@nexos/env-vars';

/** One command that runs in a container of the service's own image, on the project's network. */
export interface ServiceJob {
  /** Arguments, of which none is secret. */
  readonly command: readonly string[];
  /** What it works with, secrets among it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Which database of an environment becomes which. */
export interface DatabaseSwap {
  /** The generation of the database that is put aside. */
  readonly putAside: number;
  /** The generation that is brought back; null: a new one is made. */
  readonly broughtBack: number | null;
}

/**
 * All that is particular to one kind of service. Each job waits until the service answers, may be run again after it was
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
  greet(credentials: ServiceCredentials): ServiceJob;
  /** Makes an environment's part. */
  provision(credentials: ServiceCredentials): Promise<ServiceJob>;
  /** Takes an environment's part away with all that it holds. */
  withdraw(credentials: ServiceCredentials): ServiceJob;
  /** What the environment's app is told. */
  variables(credentials: ServiceCredentials): Record<string, string>;
}
