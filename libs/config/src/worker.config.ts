import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Leases, sweeps and deadlines of workers, in milliseconds. */
export class WorkerConfig {
  @Env(
    'LEASE_MS',
    'Milliseconds after which a lease that was not renewed is free again. Workers renew three times as often.',
    'integer',
    ['builder', 'integrations', 'lifecycle'],
  )
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  leaseMs = 15_000;

  @Env('SWEEP_MS', 'Milliseconds between two sweeps for work that the queue has lost.', 'integer')
  @IsInt()
  @Min(200)
  @Max(600_000)
  sweepMs = 5_000;

  @Env(
    'DRAIN_MS',
    'Milliseconds that an old version has to finish its open connections once traffic goes to the new one.',
    'integer',
    ['lifecycle'],
  )
  @IsInt()
  @Min(0)
  @Max(600_000)
  drainMs = 10_000;

  @Env('IDLE_CHECK_MS', 'Milliseconds between two checks for idle environments.', 'integer', ['lifecycle'])
  @IsInt()
  @Min(200)
  @Max(600_000)
  idleCheckMs = 15_000;

  @Env('HOOK_TIMEOUT_MS', 'Milliseconds that one hook may take.', 'integer', ['lifecycle'])
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  hookTimeoutMs = 600_000;

  @Env(
    'SUPERSEDE_AFTER_MS',
    'Milliseconds that a running build continues after a newer push, in case a still newer one follows.',
    'integer',
    ['builder'],
  )
  @IsInt()
  @Min(0)
  @Max(60_000)
  supersedeAfterMs = 2_000;
}
