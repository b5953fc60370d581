/** An environment that a worker holds the lease of. */
export interface Held {
  readonly environmentId: string;
  readonly epoch: string;
}
