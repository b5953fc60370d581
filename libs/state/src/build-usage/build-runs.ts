import type { EntityManager } from 'typeorm';

/**
 * SQL: until when the run `run` is charged. Builders renew their lease every second, so one that has not is gone; its run
 * is charged for no more than it ran, whenever its end is noticed.
 */
export const RUN_END = `coalesce(run.ended_at,
  greatest(run.started_at, least(now(), run.renewed_at + interval '1 second')))`;

/** Records that a builder runs the build which it has just claimed. */
export async function beginBuildRun(manager: EntityManager, deploymentId: string): Promise<void> {
  await manager.query(
    `INSERT INTO build_runs (deployment_id, attempt, account_id, project_id)
     SELECT deployment.id, deployment.attempt, project.account_id, project.id
     FROM deployments deployment JOIN projects project ON project.id = deployment.project_id
     WHERE deployment.id = $1`,
    [deploymentId],
  );
}

/**
 * Ends the runs of builds.
 *
 * @param options.byBuilder the builder itself ends them, so they have run until now, even if it could not renew its lease
 */
export async function endBuildRuns(
  manager: EntityManager,
  deploymentIds: readonly string[],
  { byBuilder = false }: { byBuilder?: boolean } = {},
): Promise<void> {
  await manager.query(
    `UPDATE build_runs run SET ended_at = ${byBuilder ? 'greatest(run.started_at, now())' : RUN_END}
     WHERE run.deployment_id = ANY($1) AND run.ended_at IS NULL`,
    [deploymentIds],
  );
}
