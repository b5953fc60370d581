/** Something that has a log, such as a deployment. */
export interface LogSource {
  readonly id: string;
  /** What a page, and the end of a stream, tell of it beside its lines; `ended`: only who has not noticed still writes. */
  readonly progress: () => Promise<{ readonly state: object; readonly ended: boolean }>;
}
