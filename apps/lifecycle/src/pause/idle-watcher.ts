import { WorkerConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { IdleEnvironmentsRepository, putToSleep } from '@nexos/state';
import { isIdle } from '@nexos/domain';
import { type HostUsage, IngressUsage } from '@nexos/ingress';
import { PeriodicTask } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Every few seconds, reads from the ingress which environments were used, and puts to sleep those that have been idle
 * for as long as their project allows. Keeps no state in memory, so it may restart and may run in several processes.
 */
@Injectable()
export class IdleWatcher extends PeriodicTask {
  private readonly logger = new Logger(IdleWatcher.name);

  constructor(
    private readonly environments: IdleEnvironmentsRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly usage: IngressUsage,
    config: WorkerConfig,
  ) {
    super('idle environments', config.idleCheckMs);
  }

  /** Reads the environments before the ingress, so that one that starts in between does not count as idle. */
  protected async run(): Promise<void> {
    const candidates = await this.environments.findCandidates();
    const { hosts, watchedMs } = await this.usage.read();
    await this.environments.recordRequests(
      [...hosts].map(([hostname, usage]) => ({ hostname, idleMs: idleTime(usage) })),
    );
    for (const candidate of candidates) {
      const usages = candidate.hostnames.flatMap((hostname) => hosts.get(hostname) ?? []);
      const open = usages.reduce((sum, usage) => sum + usage.open, 0);
      const requestMs = usages.length === 0 ? null : Math.min(...usages.map(({ idleMs }) => idleMs));
      const seen = { open, requestMs, watchedMs };
      if (!isIdle({ ...candidate, ...seen })) continue;
      if (!(await this.unitOfWork.run((transaction) => putToSleep(transaction, candidate)))) continue;
      this.logger.log(`putting ${candidate.id} to sleep: no request for ${candidate.sleepAfterMinutes} min`);
    }
  }
}

function idleTime({ idleMs, open }: HostUsage): number {
  return open > 0 ? 0 : idleMs;
}
