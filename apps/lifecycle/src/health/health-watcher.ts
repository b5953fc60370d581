import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '@nexos/database';
import { decideHealth, type Health, type HealthProblem } from '@nexos/domain';
import { PeriodicTask } from '@nexos/queue';
import { EnvironmentHealthRepository, type HealthSubject, recordHealth } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { LiveProbes } from './live-probes.js';
import { RestartBackOff } from './restart-back-off.js';
import { SwarmProblems } from './swarm-problems.js';

const EVERY_MS = 1_000;
/** Listing all tasks costs the engine more than a probe does. */
const TURNS_PER_SWARM_CHECK = 3;
const CLAIM_MS = 10_000;

/**
 * Watches the health of running environments: every second, decides it from what the agents have reported, from probes
 * and from Swarm's tasks, and records changes. One lifecycle worker does so at a time; another takes over after ten
 * seconds. Keeps only what it can learn again.
 */
@Injectable()
export class HealthWatcher extends PeriodicTask {
  private readonly logger = new Logger(HealthWatcher.name);
  private readonly owner = randomUUID();
  private turns = 0;
  private isWatching = false;
  private problems = new Map<string, HealthProblem>();
  private readonly unreachableAt = new Map<string, number>();

  constructor(
    private readonly healths: EnvironmentHealthRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly probes: LiveProbes,
    private readonly swarm: SwarmProblems,
    private readonly backOff: RestartBackOff,
  ) {
    super('health', EVERY_MS);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    this.probes.stop();
  }

  /** Looks at one environment whose app has exited, sooner than the next turn would. */
  async look(environmentId: string): Promise<void> {
    for (const subject of await this.healths.findSubjects(environmentId)) await this.treat(subject);
  }

  protected async run(): Promise<void> {
    this.isWatching = await this.healths.claimWatch(this.owner, CLAIM_MS);
    const subjects = this.isWatching ? await this.healths.findSubjects() : [];
    this.probes.begin(subjects);
    this.forgetOthers(subjects);
    if (!this.isWatching) return;
    if (this.turns++ % TURNS_PER_SWARM_CHECK === 0) {
      this.problems = (await this.swarm.find(subjects)) ?? this.problems;
    }
    for (const subject of subjects) {
      try {
        await this.treat(subject);
      } catch (error) {
        this.logger.warn(`could not check ${subject.environmentId}: ${(error as Error).message}`);
      }
    }
  }

  private async treat(subject: HealthSubject): Promise<void> {
    await this.backOff.apply(subject);
    // What another worker knows from its probes, this one does not.
    if (!this.isWatching) return;
    const { environmentId, deploymentId, previous, exits, exitCount } = subject;
    const health = this.decide(subject);
    const isRecorded =
      previous?.state === health.state &&
      previous.message === health.message &&
      previous.restarts === exitCount;
    if (isRecorded) return;
    await this.unitOfWork.run((transaction) =>
      recordHealth(transaction, {
        environmentId,
        deploymentId,
        from: previous?.state ?? null,
        to: health,
        restarts: exitCount,
        lastExit: exits.at(-1) ?? null,
      }),
    );
  }

  private decide(subject: HealthSubject): Health {
    const { environmentId, deploymentId, previous, now, settings } = subject;
    const problem = this.problems.get(environmentId) ?? null;
    const probe = this.probes.factsOf(deploymentId, now);
    const isFailing = problem !== null || probe?.failingSince != null;
    // After a restart of this process, when it was last unreachable is not known.
    const isNew = previous?.state === 'unreachable' && !this.unreachableAt.has(environmentId);
    if (isFailing || isNew) this.unreachableAt.set(environmentId, now);
    return decideHealth({
      ...subject,
      memoryMb: settings.memory_mb,
      problem,
      probe,
      unreachableAt: this.unreachableAt.get(environmentId) ?? null,
    });
  }

  private forgetOthers(subjects: readonly HealthSubject[]): void {
    const watched = new Set(subjects.map(({ environmentId }) => environmentId));
    for (const id of this.unreachableAt.keys()) if (!watched.has(id)) this.unreachableAt.delete(id);
  }
}
