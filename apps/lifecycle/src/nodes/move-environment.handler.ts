import { LeaseLostError, Leases } from '@nexos/database';
import { withCorrelation } from '@nexos/observability';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { EnvironmentMover } from './environment-mover.js';

/** Moves an environment to another node or onto its project's bridge, unless another worker holds its lease. */
@Injectable()
@HandlesJob('lifecycle', 'move-environment')
export class MoveEnvironmentHandler implements JobHandler<'lifecycle', 'move-environment'> {
  private readonly logger = new Logger(MoveEnvironmentHandler.name);

  constructor(
    private readonly leases: Leases,
    private readonly mover: EnvironmentMover,
  ) {}

  async handle({ environmentId }: { environmentId: string }, stopping: AbortSignal): Promise<void> {
    await withCorrelation({ environment: environmentId }, async () => {
      try {
        await this.leases.hold('environments', environmentId, async (lease) => {
          const signal = AbortSignal.any([lease.signal, stopping]);
          await this.mover.run(environmentId, lease, signal);
          return {};
        });
      } catch (error) {
        if (error instanceof LeaseLostError) this.logger.warn(error.message);
        else if (!stopping.aborted) throw error;
      }
    });
  }
}
