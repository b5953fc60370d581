import { buildMinutesOf, type Excess, type Limits, quotaPeriod } from '@nexos/domain';
import type { EntityManager } from 'typeorm';
import { usedBuildSeconds } from './used-build-seconds.js';

/** Returns why an account must not begin another build; null while it has build minutes left. Running builds may finish. */
export async function excessOfBuildMinutes(
  manager: EntityManager,
  { id, limits }: { readonly id: string; readonly limits: Limits },
): Promise<Excess | null> {
  const [row] = await manager.query<{ now: Date }[]>('SELECT now() AS now');
  if (row === undefined) throw new Error('the database did not return its time');
  const usedSeconds = await usedBuildSeconds(manager, id, quotaPeriod(row.now));
  const { build_minutes: limit } = limits;
  if (usedSeconds < limit * 60) return null;
  return { resource: 'build_minutes', limit, usage: buildMinutesOf(usedSeconds), request: 1 };
}
