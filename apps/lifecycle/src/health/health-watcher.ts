import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '@nexos/database';
import { decideHealth, type Health, type HealthProblem, worstHealth } from '@nexos/domain';
import { PeriodicTask } from '@nexos/queue';
import {
  type ContainerHealthFacts,
  EnvironmentHealthRepository,
  type HealthSubject,
  recordHealth,
} from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { containerKey } from './container-key.js';
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
    const { environmentId, deploymentId, previous } = subject;
    const containers = subject.containers.map((facts) => ({
      ...this.decide(subject, facts),
      name: facts.container.name,
      restarts: facts.exitCount,
    }));
    const health = worstHealth(containers);
    const restarts = containers.reduce((sum, container) => sum + container.restarts, 0);
    const isRecorded =
      isSame(previous, { ...health, restarts }) &&
      containers.every((container, at) => isSame(subject.containers[at]?.previous ?? null, container));
    if (isRecorded) return;
    const exits = subject.containers.flatMap((facts) => facts.exits).sort((a, b) => a.at - b.at);
    await this.unitOfWork.run((transaction) =>
      recordHealth(transaction, {
        environmentId,
        deploymentId,
        from: previous?.state ?? null,
        to: health,
        restarts,
        lastExit: exits.at(-1) ?? null,
        containers,
      }),
    );
  }

  private decide(subject: HealthSubject, facts: ContainerHealthFacts): Health {
    const { now } = subject;
    const { container, previous } = facts;
    const key = containerKey(subject, container);
    const problem = this.problems.get(key) ?? null;
    const probe = this.probes.factsOf(subject, container);
    const isFailing = problem !== null || probe?.failingSince != null;
    // After a restart of this process, when it was last unreachable is not known.
    const isNew = previous?.state === 'unreachable' && !this.unreachableAt.has(key);
    if (isFailing || isNew) this.unreachableAt.set(key, now);
    return decideHealth({
      ...facts,
      now,
      liveSince: subject.liveSince,
      subject: subject.containers.length === 1 ? 'The app' : `The container ${container.name}`,
      isProbed: container.port !== null,
      memoryMb: container.memory_mb,
      problem,
      probe,
      unreachableAt: this.unreachableAt.get(key) ?? null,
    });
  }

  private forgetOthers(subjects: readonly HealthSubject[]): void {
    const keys = subjects.flatMap((subject) =>
      subject.containers.map(({ container }) => containerKey(subject, container)),
    );
    const watched = new Set(keys);
    for (const key of this.unreachableAt.keys()) if (!watched.has(key)) this.unreachableAt.delete(key);
  }
}

function isSame(
  before: ContainerHealthFacts['previous'],
  now: Health & { readonly restarts: number },
): boolean {
  return before?.state === now.state && before.message === now.message && before.restarts === now.restarts;
}
