import { type EnvironmentEntity } from '@nexos/database';

/** Returns whether Nexos tries by itself to start what found no room before. */
export function isRetryForRoom({
  failureCode,
  failedGeneration,
  generation,
}: Pick<EnvironmentEntity, 'failureCode' | 'failedGeneration' | 'generation'>): boolean {
  return failureCode === 'no_capacity' && failedGeneration === generation;
}
