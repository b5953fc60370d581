import type { JobContext } from '@nexos/contracts';
import { withCorrelation } from './correlation.js';
import type { Metrics } from './metrics.js';

/** Adds a job's name and id to its log lines, and measures its duration. */
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
