import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

export class ObservabilityConfig {
  @Env('LOG_LEVEL')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'info';

  /** A worker answers `/health/live`, `/health/ready` and `/metrics` here; 0 takes any free port. */
  @Env('HEALTH_PORT', 'integer')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  healthPort?: number;

  @Env('HEALTH_HOST')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  healthHost = '127.0.0.1';
}
