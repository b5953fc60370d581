import {
  type BuildMinutesLevel,
  buildMinutesLevel,
  buildMinutesMessage,
  buildMinutesOf,
  isHigherLevel,
  limitsOf,
  type OwnLimits,
  type PlanName,
  quotaPeriod,
  systemCause,
} from '@nexos/domain';
import { affected, type Transaction } from '@nexos/database';
import { recordEvent } from '../events/record-event.js';
import { usedBuildSeconds } from './used-build-seconds.js';

/** A change of how much of its build minutes an account has used. */
export interface BuildMinutesChange {
  readonly from: BuildMinutesLevel;
  readonly to: BuildMinutesLevel;
}

interface Account {
  readonly plan: PlanName;
  readonly limits: OwnLimits;
  readonly from: BuildMinutesLevel;
  readonly now: Date;
}

/**
 * Records how much of its build minutes an account has used, with an event when it has come nearer to the limit. The level falls,
 * without an event, when a period begins or the limit is raised.
 *
 * @returns null when nothing has changed, or another worker recorded it first
 */
export async function settleBuildMinutes(
  transaction: Transaction,
  accountId: string,
): Promise<BuildMinutesChange | null> {
  const { manager } = transaction;
  const [account] = await manager.query<Account[]>(
    'SELECT plan, limits, build_minutes_level AS "from", now() AS now FROM accounts WHERE id = $1',
    [accountId],
  );
  if (account === undefined) return null;
  const { plan, limits, from, now } = account;
  const period = quotaPeriod(now);
  const usedSeconds = await usedBuildSeconds(manager, accountId, period);
  const limitMinutes = limitsOf(plan, limits).build_minutes;
  const to = buildMinutesLevel(usedSeconds, limitMinutes);
  if (to === from) return null;
  // The account before the environment, which the event locks, as everything does that counts what an account uses.
  const isRecorded = affected(
    await manager.query(
      'UPDATE accounts SET build_minutes_level = $3 WHERE id = $1 AND build_minutes_level = $2',
      [accountId, from, to],
    ),
  );
  if (!isRecorded) return null;
  const environmentId = isHigherLevel(to, from) ? await findLastBuilt(transaction, accountId) : null;
  if (environmentId !== null) {
    const usedMinutes = buildMinutesOf(usedSeconds);
    await recordEvent(transaction, {
      of: 'environment',
      type: 'build_minutes',
      subjectId: environmentId,
      data: {
        from,
        to,
        message: buildMinutesMessage(to, usedMinutes, limitMinutes, period.end),
        used_minutes: usedMinutes,
        limit_minutes: limitMinutes,
        period_end: period.end.toISOString(),
      },
      cause: systemCause(),
    });
  }
  return { from, to };
}

/** Returns the environment that the account built last; null when it has built none. */
async function findLastBuilt({ manager }: Transaction, accountId: string): Promise<string | null> {
  const [row] = await manager.query<{ id: string }[]>(
    `SELECT deployment.environment_id AS id FROM build_runs run
     JOIN deployments deployment ON deployment.id = run.deployment_id
     WHERE run.account_id = $1 ORDER BY run.started_at DESC LIMIT 1`,
    [accountId],
  );
  return row?.id ?? null;
}
