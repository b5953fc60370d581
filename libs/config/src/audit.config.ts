import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** The audit log. */
export class AuditConfig {
  @Env(
    'AUDIT_KEPT_DAYS',
    'Days that lines of the audit log without an account are kept. The plan tells it for those of an account.',
    'integer',
  )
  @IsInt()
  @Min(30)
  @Max(3_650)
  keptDays = 365;
}
