/** Runs a job between what is the same for all jobs, such as its log context and its metric. */
export type JobContext = <T>(
  queue: string,
  job: { readonly id?: string | undefined; readonly name: string },
  work: () => Promise<T>,
) => Promise<T>;
