import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** The audit log. */
export class AuditConfig {
  @Env('AUDIT_KEPT_DAYS', 'Days that lines of the audit log are kept.', 'integer')
  @IsInt()
  @Min(30)
  @Max(3_650)
  keptDays = 365;
}
