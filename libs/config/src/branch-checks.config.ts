import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Comparisons of branches with the Git host, in case a webhook was missed. */
export class BranchChecksConfig {
  @Env(
    'BRANCH_CHECK_MS',
    'Milliseconds between two checks of a repository for branches that moved or are gone without a webhook.',
    'integer',
  )
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  intervalMs = 3_600_000;

  @Env(
    'BRANCH_GRACE_MS',
    'Milliseconds that a branch must be gone from the Git host, at two checks, before its environment is destroyed.',
    'integer',
  )
  @IsInt()
  @Min(0)
  @Max(604_800_000)
  graceMs = 3_600_000;
}
