import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Logs, and the health endpoints of workers. */
export class ObservabilityConfig {
  @Env('LOG_LEVEL', 'Least severe level that is logged, as JSON lines on standard output.')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'info';

  @Env(
    'HEALTH_PORT',
    'Port on which a worker serves `/health/live`, `/health/ready` and `/metrics`; 0 picks a free one. If unset, it serves none of them. The API always serves them on `PORT`.',
    'integer',
    ['agent', 'builder', 'integrations', 'lifecycle', 'quota'],
  )
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  healthPort?: number;

  @Env('HEALTH_HOST', 'Address that `HEALTH_PORT` is opened on.', 'string', [
    'agent',
    'builder',
    'integrations',
    'lifecycle',
    'quota',
  ])
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or a host name' })
  healthHost = '127.0.0.1';
}
