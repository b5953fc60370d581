/** Something that has a log, such as a deployment. */
export interface LogSource {
  readonly id: string;
  /** Returns the state for pages and the `end` event. Once `ended`, only a worker that has not noticed still writes. */
  readonly progress: () => Promise<{ readonly state: object; readonly ended: boolean }>;
}
