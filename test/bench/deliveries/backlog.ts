import type { Queue } from 'bullmq';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import type { Push } from '../../support/nexos/webhook-sender.js';
import { sha, until } from '../pushes.js';
import { sendAll, signPush } from './signed-pushes.js';

/** Pushes to each branch. */
const WAVES = 1;
const DEADLINE_MS = 300_000;

/** The branches that are pushed to, with their commits. */
export class Branches {
  private pushes = 0;

  private constructor(
    /** By repository and branch. */
    private readonly heads: { repository: string; branch: string; commit: string }[],
    private readonly began: number,
  ) {}

  static of(repositories: readonly string[], perRepository: number): Branches {
    const heads = Array.from({ length: perRepository }, (_, index) =>
      repositories.map((repository) => ({
        repository,
        branch: `branch-${index}`,
        commit: '0'.repeat(40),
      })),
    ).flat();
    return new Branches(heads, Math.floor(Date.now() / 1_000) - 3_600);
  }

  /** Returns a push to each branch, a second after the previous ones. */
  next(): Push[] {
    const pushedAt = this.began + ++this.pushes;
    return this.heads.map((head) => {
      const push = { ...head, before: head.commit, after: sha(), pushedAt };
      head.commit = push.after;
      return push;
    });
  }
}

export interface BacklogRates {
  /** Deliveries accepted per second, while none is processed. */
  readonly accepted: number;
  /** Deliveries per second from the first one that is processed until the last one's build is queued. */
  readonly queued: number;
}

/**
 * Has the API accept pushes while the queue of deliveries is paused, and measures how fast the running `integrations`
 * processes turn them into queued builds: a deployment with its job.
 */
export async function drainBacklog(
  nexos: NexosStack,
  { deliveries, build }: { deliveries: Queue; build: Queue },
  branches: Branches,
): Promise<BacklogRates> {
  await deliveries.pause();
  await build.drain();
  const waves = Array.from({ length: WAVES }, () => branches.next().map((push) => signPush(nexos, push)));
  const count = waves.flat().length;
  const began = performance.now();
  for (const wave of waves) await sendAll(nexos, wave);
  const acceptedMs = performance.now() - began;
  const resumed = performance.now();
  await deliveries.resume();
  await until(async () => (await build.getWaitingCount()) >= count);
  const queuedMs = performance.now() - resumed;
  await untilProcessed(nexos);
  const jobs = await build.getWaitingCount();
  if (jobs !== count) throw new Error(`${count} pushes queued ${jobs} builds.`);
  return { accepted: count / (acceptedMs / 1_000), queued: count / (queuedMs / 1_000) };
}

/** Waits until no delivery waits, no branch is in doubt, and every job is in its queue. */
export function untilProcessed(nexos: NexosStack): Promise<void> {
  const left = `SELECT 1 FROM webhook_deliveries WHERE outcome = 'accepted'
    UNION ALL SELECT 1 FROM branches WHERE in_doubt_since IS NOT NULL
    UNION ALL SELECT 1 FROM outbox LIMIT 1`;
  return until(async () => (await nexos.column(left)).length === 0, DEADLINE_MS);
}
