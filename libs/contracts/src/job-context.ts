/** Wraps a job in what all jobs share, such as a log context and a metric. */
export type JobContext = <T>(
  queue: string,
  job: { readonly id?: string | undefined; readonly name: string },
  work: () => Promise<T>,
) => Promise<T>;
