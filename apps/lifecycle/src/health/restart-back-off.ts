import { EngineConfig } from '@nexos/config';
import { LeaseLostError, Leases, UnitOfWork } from '@nexos/database';
import { exitsInARow, RESTART_DELAY_MS, restartBackOffMs } from '@nexos/domain';
import { DeploymentServices, serviceName } from '@nexos/engine';
import { holdRestarts, releaseRestarts, type HealthSubject } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

/** Shorter pauses are not worth two changes of the service. */
const SHORTEST_HOLD_MS = 2 * RESTART_DELAY_MS;

/**
 * Restarts apps that exit again and again after longer and longer pauses. Swarm's own pause is constant, and changing it
 * replaces a running container (docs/decisions/0027-restarts-back-off-by-scaling.md), so the service of such an app is
 * scaled to zero while no container of it runs, and back later.
 */
@Injectable()
export class RestartBackOff {
  private readonly logger = new Logger(RestartBackOff.name);

  constructor(
    private readonly leases: Leases,
    private readonly unitOfWork: UnitOfWork,
    private readonly services: DeploymentServices,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** Holds back or lets go the next restart, unless another worker changes the environment at the moment. */
  async apply(subject: HealthSubject): Promise<void> {
    const { heldUntil, now, deploymentId, moves, environmentId } = subject;
    const isOver = heldUntil !== null && heldUntil <= now;
    const until = heldUntil === null ? holdUntil(subject) : null;
    if (!isOver && until === null) return;
    const name = serviceName(this.engineConfig.instance, deploymentId, moves);
    try {
      await this.leases.hold('environments', environmentId, async ({ guard }) => {
        if (until === null) {
          await this.services.resume({ id: deploymentId, moves }, guard);
          await this.unitOfWork.run((transaction) => releaseRestarts(transaction, subject));
        } else if (await this.unitOfWork.run((transaction) => holdRestarts(transaction, subject, until))) {
          await this.services.scale(name, 0, guard);
          const pause = Math.round((until - now) / 1000);
          this.logger.log(`${deploymentId} keeps exiting; restarting it in ${pause} s`);
        }
        return {};
      });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }
}

/** Returns when the app may be restarted; null when Swarm's own pause suffices, or has restarted it already. */
function holdUntil({ exits, running, now }: HealthSubject): number | null {
  const last = exits.at(-1);
  if (last === undefined || running !== null || exitsInARow(exits) < 2) return null;
  const backOffMs = restartBackOffMs(exits);
  const until = last.at + backOffMs;
  return backOffMs >= SHORTEST_HOLD_MS && until - now >= RESTART_DELAY_MS ? until : null;
}
