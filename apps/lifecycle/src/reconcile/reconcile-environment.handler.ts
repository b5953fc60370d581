import { LeaseLostError, Leases } from '@nexos/database';
import { withCorrelation } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { EnvironmentReconciler } from './environment-reconciler.js';

/** Reconciles an environment, unless another worker holds its lease. */
@Injectable()
@HandlesJob('lifecycle', 'reconcile-environment')
export class ReconcileEnvironmentHandler implements JobHandler<'lifecycle', 'reconcile-environment'> {
  private readonly logger = new Logger(ReconcileEnvironmentHandler.name);

  constructor(
    private readonly leases: Leases,
    private readonly reconciler: EnvironmentReconciler,
  ) {}

  async handle({ environmentId }: { environmentId: string }, stopping: AbortSignal): Promise<void> {
    await withCorrelation({ environment: environmentId }, async () => {
      try {
        await this.leases.hold('environments', environmentId, async (lease) => {
          const signal = AbortSignal.any([lease.signal, stopping]);
          await this.reconciler.converge(environmentId, lease, signal);
          return {};
        });
      } catch (error) {
        if (error instanceof LeaseLostError) this.logger.warn(error.message);
        else if (!stopping.aborted) throw error;
      }
    });
  }
}
