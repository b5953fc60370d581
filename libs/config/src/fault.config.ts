import { IsIn, IsOptional } from 'class-validator';
import { Env } from './env.decorator.js';
import { FAULT_POINTS, type FaultPoint } from './fault-point.js';

/** For tests of what a crash leaves behind; see `faultPoint`. */
export class FaultConfig {
  @Env('NEXOS_FAULT_POINT')
  @IsOptional()
  @IsIn(FAULT_POINTS)
  armedPoint?: FaultPoint;
}
