/** An environment that a worker holds the lease of. */
export interface HeldEnvironment {
  readonly environmentId: string;
  readonly epoch: string;
}
