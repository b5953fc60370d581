import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** How workers hold on to work and notice that another one has died. All in milliseconds. */
export class WorkerConfig {
  /** A lease that is not renewed for this long is free to be taken; it is renewed every third of it. */
  @Env('LEASE_MS', 'integer')
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  leaseMs = 15_000;

  /** How often each worker looks for work that the queue has lost. */
  @Env('SWEEP_MS', 'integer')
  @IsInt()
  @Min(200)
  @Max(600_000)
  sweepMs = 5_000;

  /** How long an old version keeps answering open connections after the route has moved. */
  @Env('DRAIN_MS', 'integer')
  @IsInt()
  @Min(0)
  @Max(600_000)
  drainMs = 10_000;

  /** How long a new version may take to answer its health path. */
  @Env('HEALTH_TIMEOUT_MS', 'integer')
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  healthTimeoutMs = 60_000;

  /** How often the lifecycle worker reads which environments were used, and puts to sleep those that were not. */
  @Env('IDLE_CHECK_MS', 'integer')
  @IsInt()
  @Min(200)
  @Max(600_000)
  idleCheckMs = 15_000;

  /** How long one hook of a repository may take. */
  @Env('HOOK_TIMEOUT_MS', 'integer')
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  hookTimeoutMs = 600_000;

  /** How long a building deployment is left alone after a newer push, for a still newer one to come. */
  @Env('SUPERSEDE_AFTER_MS', 'integer')
  @IsInt()
  @Min(0)
  @Max(60_000)
  supersedeAfterMs = 2_000;
}
