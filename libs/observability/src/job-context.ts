import { withCorrelation } from './correlation.js';
import type { Metrics } from './metrics.js';

/** Runs a job: its log lines carry its name and id, and its duration is measured. */
export type JobContext = <T>(
  queue: string,
  job: { readonly id?: string | undefined; readonly name: string },
  work: () => Promise<T>,
) => Promise<T>;

export function jobContext(metrics: Metrics): JobContext {
  return async (queue, job, work) => {
    const end = metrics.jobs.startTimer({ queue, job: job.name });
    try {
      const result = await withCorrelation({ job: job.name, job_id: job.id ?? '' }, work);
      end({ outcome: 'done' });
      return result;
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  };
}
