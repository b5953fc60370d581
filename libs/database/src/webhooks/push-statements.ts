import type { PreparedQuery } from '../prepared-query.js';

/** What has to be known of a push before it is taken: of at most two projects, for one alone is simple. */
export const LOOK_AT_PUSH: PreparedQuery = {
  name: 'look-at-push',
  text: `
    SELECT project.id AS "projectId", project.installation_id AS "installationId", project.auto_deploy AS "autoDeploy",
      project.branch_include AS "branchInclude", project.branch_exclude AS "branchExclude",
      project.dockerfile, project.build_context AS "buildContext", project.port, project.cpu,
      project.build_timeout_seconds AS "buildTimeoutSeconds",
      project.health_check_path AS "healthCheckPath", project.memory_mb AS "memoryMb",
      branch.id AS "branchId", branch.head_sha AS "headSha", branch.before_sha AS "beforeSha",
      branch.pushed_at AS "pushedAt", branch.in_doubt_since AS "inDoubtSince", branch.asked_at AS "askedAt",
      branch.asked_at::text AS "askedAtToTheDigit",
      environment.id AS "environmentId", environment.latest_deployment_id AS "latestDeploymentId"
    FROM projects project
    LEFT JOIN branches branch ON branch.project_id = project.id AND branch.name = $2
    LEFT JOIN environments environment ON environment.project_id = project.id AND environment.branch = $2
      AND environment.status NOT IN ('destroying', 'destroyed')
    WHERE project.repository_key = $1 AND project.status = 'active' LIMIT 2`,
};

/**
 * All that a simple push changes, in one statement and so in one transaction: nothing at all unless the branch stands
 * where it was seen. Where something else has changed since, a column that may not be null gets null, and the whole
 * statement fails. A project that is being deleted has an environment that is being destroyed.
 */
export const TAKE_PUSH: PreparedQuery = {
  name: 'take-push',
  text: `
    WITH head AS (
      UPDATE branches SET head_sha = $1, before_sha = $2, pushed_at = $3
      WHERE id = $4 AND head_sha = $5 AND before_sha = $7 AND in_doubt_since IS NULL
        AND asked_at::text IS NOT DISTINCT FROM $17
      RETURNING id
    ), environment AS (
      UPDATE environments SET latest_deployment_id = $8 FROM head
      WHERE environments.id = $9 AND environments.status NOT IN ('destroying', 'destroyed')
        AND environments.latest_deployment_id IS NOT DISTINCT FROM $10
      RETURNING environments.id
    ), superseded AS (
      UPDATE deployments SET status = 'superseded', finished_at = now()
      WHERE environment_id = (SELECT id FROM environment) AND status = 'queued'
      RETURNING id
    ), delivery AS (
      INSERT INTO webhook_deliveries (id, event, repository, matched, outcome)
      SELECT $11, 'push', $12, 1, 'deployed' FROM head
    ), deployment AS (
      INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, commit_message,
        commit_author, spec)
      SELECT $8, $6, (SELECT id FROM environment), 'push', 'queued', $13, $1, $14, $15, $16::jsonb
      -- One waits at a time: it comes after the one that it supersedes has gone.
      FROM head, (SELECT count(*) FROM superseded) AS done
      RETURNING id
    )
    INSERT INTO outbox (queue, name, payload)
    SELECT 'build', 'build-deployment', jsonb_build_object('deploymentId', id) FROM deployment
    RETURNING id, queue, name, payload, delay_ms`,
};
