import { LeaseLostError, Leases, UnitOfWork } from '@nexos/database';
import { exitsInARow, RESTART_DELAY_MS, restartBackOffMs } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import {
  type ContainerHealthFacts,
  holdRestarts,
  isHoldOver,
  releaseRestarts,
  type HealthSubject,
} from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { RestartNotices } from '../ingress/restart-notices.js';

/** Shorter pauses are not worth two changes of the service. */
const SHORTEST_HOLD_MS = 2 * RESTART_DELAY_MS;

/**
 * Restarts containers that exit again and again after longer and longer pauses. Swarm's own pause is constant, and changing
 * it replaces a running container (docs/decisions/0027-restarts-back-off-by-scaling.md), so the service of such a container
 * is scaled to zero while it does not run, and back later.
 */
@Injectable()
export class RestartBackOff {
  private readonly logger = new Logger(RestartBackOff.name);

  constructor(
    private readonly leases: Leases,
    private readonly unitOfWork: UnitOfWork,
    private readonly services: DeploymentServices,
    private readonly notices: RestartNotices,
  ) {}

  /** Holds back or lets go the next restarts, unless another worker changes the environment at the moment. */
  async apply(subject: HealthSubject): Promise<void> {
    for (const facts of subject.containers) await this.applyTo(subject, facts);
  }

  private async applyTo(subject: HealthSubject, facts: ContainerHealthFacts): Promise<void> {
    const { now, deploymentId, moves, environmentId } = subject;
    const { container, heldUntil } = facts;
    const isOver = heldUntil !== null && heldUntil <= now;
    const until = isOver ? null : laterThan(heldUntil, holdUntil(facts, now));
    if (!isOver && until === null) return;
    const held = { environmentId, deploymentId, container: container.name };
    const service = { deploymentId, moves, index: container.index };
    try {
      await this.leases.hold('environments', environmentId, async ({ guard }) => {
        if (until === null) {
          if (!(await this.unitOfWork.run((transaction) => isHoldOver(transaction, held)))) return {};
          await this.services.resume(service, guard);
          await this.notices.withdraw(this.services.nameOf(service));
          await this.unitOfWork.run((transaction) => releaseRestarts(transaction, held));
        } else if (await this.unitOfWork.run((transaction) => holdRestarts(transaction, held, until))) {
          await this.services.scale(this.services.nameOf(service), 0, guard);
          await this.notices.announce(this.services.nameOf(service), until);
          const pause = Math.round((until - now) / 1000);
          this.logger.log(`${container.name} of ${deploymentId} keeps exiting; restarting it in ${pause} s`);
        }
        return {};
      });
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }
}

/** Returns when a container may be restarted; null when Swarm's own pause suffices, or has restarted it already. */
function holdUntil({ exits, running }: ContainerHealthFacts, now: number): number | null {
  const last = exits.at(-1);
  if (last === undefined || running !== null || exitsInARow(exits) < 2) return null;
  const backOffMs = restartBackOffMs(exits);
  const until = last.at + backOffMs;
  return backOffMs >= SHORTEST_HOLD_MS && until - now >= RESTART_DELAY_MS ? until : null;
}

/**
 * Returns when to hold a container until; null if it is held until then already. One that runs although it should be held
 * is held again after its next exit.
 */
function laterThan(heldUntil: number | null, until: number | null): number | null {
  const isHeld = heldUntil !== null && until !== null && until - heldUntil < RESTART_DELAY_MS;
  return isHeld ? null : until;
}
