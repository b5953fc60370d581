/** An environment whose lease a worker holds. */
export interface HeldEnvironment {
  readonly environmentId: string;
  readonly epoch: string;
}
