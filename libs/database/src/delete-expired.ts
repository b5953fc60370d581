import type { EntityManager } from 'typeorm';

/** GitHub can redeliver for three days; longer than that a delivery id cannot come again. */
const DELIVERIES_KEPT_DAYS = 30;
const HOSTNAMES_KEPT_DAYS = 30;

/** Deletes webhook deliveries that cannot come again, host names that anybody may have by now, and sessions that are over. */
export async function deleteExpired(
  manager: EntityManager,
): Promise<{ deliveries: number; hostnames: number; sessions: number }> {
  const [, deliveries] = await manager.query<[unknown, number]>(
    `DELETE FROM webhook_deliveries WHERE received_at < now() - make_interval(days => $1)`,
    [DELIVERIES_KEPT_DAYS],
  );
  const [, hostnames] = await manager.query<[unknown, number]>(
    `DELETE FROM hostnames WHERE released_at < now() - make_interval(days => $1)`,
    [HOSTNAMES_KEPT_DAYS],
  );
  const [, sessions] = await manager.query<[unknown, number]>(
    `DELETE FROM sessions WHERE expires_at < now()`,
  );
  return { deliveries, hostnames, sessions };
}
