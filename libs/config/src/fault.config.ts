import { IsIn, IsOptional } from 'class-validator';
import { Env } from './env.decorator.js';
import { FAULT_POINTS, type FaultPoint } from './fault-point.js';

/** Crashes a worker on purpose, for tests; see `faultPoint`. */
export class FaultConfig {
  @Env('NEXOS_FAULT_POINT', 'For tests only: the worker kills itself with SIGKILL at this point of its work.')
  @IsOptional()
  @IsIn(FAULT_POINTS)
  armedPoint?: FaultPoint;
}
