import { type PreparedQuery } from '@nexos/database';

/**
 * What has to be known of pushes before they are taken: `$1` names their repositories and `$2` their branches, and `at`
 * says which push a row is about, from 1 on. Of at most two projects for each, for one alone is simple.
 */
export const LOOK_AT_PUSHES: PreparedQuery = {
  name: 'look-at-pushes',
  text: `
    SELECT push.at::integer AS at, found.*
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS push (repository, branch, at)
    CROSS JOIN LATERAL (
      SELECT project.id AS "projectId", project.installation_id AS "installationId",
        project.auto_deploy AS "autoDeploy",
        project.branch_include AS "branchInclude", project.branch_exclude AS "branchExclude",
        project.settings,
        branch.id AS "branchId", branch.head_sha AS "headSha", branch.before_sha AS "beforeSha",
        branch.pushed_at AS "pushedAt", branch.in_doubt_since AS "inDoubtSince", branch.asked_at AS "askedAt",
        branch.asked_at::text AS "askedAtToTheDigit",
        environment.id AS "environmentId", environment.latest_deployment_id AS "latestDeploymentId"
      FROM projects project
      LEFT JOIN branches branch ON branch.project_id = project.id AND branch.name = push.branch
      LEFT JOIN environments environment ON environment.project_id = project.id AND environment.branch = push.branch
        AND environment.status NOT IN ('destroying', 'destroyed')
      WHERE project.repository_key = push.repository AND project.status = 'active'
      LIMIT 2
    ) found`,
};

/**
 * All that simple pushes change, in one statement and so in one transaction. `$1` is a JSON array of them, with what was
 * seen of each. A push is left alone, all of it, unless its branch and its environment still are as they were seen and
 * nobody else is busy with them, and its delivery is a new one. A project that is being deleted has an environment that
 * is being destroyed.
 */
export const TAKE_PUSHES: PreparedQuery = {
  name: 'take-pushes',
  text: `
    WITH push AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset($1) AS push (
        delivery_id text, repository text, branch text, project_id text, branch_id bigint, environment_id text,
        seen_head text, seen_before text, seen_asked_at text, seen_deployment_id text,
        deployment_id text, after_sha text, before_sha text, pushed_at timestamptz, message text, author text,
        spec jsonb)
    ), unchanged AS MATERIALIZED (
      SELECT push.* FROM push
      JOIN branches ON branches.id = push.branch_id
      JOIN environments ON environments.id = push.environment_id
      WHERE branches.head_sha = push.seen_head AND branches.before_sha = push.seen_before
        AND branches.in_doubt_since IS NULL
        AND branches.asked_at::text IS NOT DISTINCT FROM push.seen_asked_at
        AND environments.status NOT IN ('destroying', 'destroyed')
        AND environments.latest_deployment_id IS NOT DISTINCT FROM push.seen_deployment_id
      FOR NO KEY UPDATE OF branches, environments SKIP LOCKED
    ), delivery AS (
      INSERT INTO webhook_deliveries (id, event, repository, matched, outcome)
      SELECT delivery_id, 'push', repository, 1, 'deployed' FROM unchanged
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), taken AS MATERIALIZED (
      SELECT unchanged.* FROM unchanged JOIN delivery ON delivery.id = unchanged.delivery_id
    ), head AS (
      UPDATE branches SET head_sha = after_sha, before_sha = taken.before_sha, pushed_at = taken.pushed_at
      FROM taken WHERE branches.id = branch_id
    ), environment AS (
      UPDATE environments SET latest_deployment_id = deployment_id FROM taken WHERE environments.id = taken.environment_id
    ), superseded AS (
      UPDATE deployments SET status = 'superseded', finished_at = now()
      FROM taken WHERE deployments.environment_id = taken.environment_id AND status = 'queued'
      RETURNING deployments.id, deployments.project_id, taken.deployment_id
    ), deployment AS (
      INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, commit_message,
        commit_author, spec)
      SELECT deployment_id, project_id, environment_id, 'push', 'queued', branch, after_sha, message, author, spec
      -- One waits at a time: it comes after the one that it supersedes has gone.
      FROM taken, (SELECT count(*) FROM superseded) AS done
      RETURNING id, project_id
    ), event AS (
      INSERT INTO deployment_events (deployment_id, project_id, type, data, actor, reason)
      SELECT id, project_id, 'status',
        jsonb_build_object('from', 'queued', 'to', 'superseded', 'by', deployment_id), 'github', 'newer_deployment'
      FROM superseded
      UNION ALL
      SELECT id, project_id, 'status', jsonb_build_object('from', NULL, 'to', 'queued'), 'github', 'push' FROM deployment
      RETURNING seq
    )
    INSERT INTO outbox (queue, name, payload)
    SELECT 'notify', 'deployment-event', jsonb_build_object('seq', seq::text) FROM event
    UNION ALL
    SELECT 'build', 'build-deployment', jsonb_build_object('deploymentId', id) FROM deployment
    RETURNING id, queue, name, payload, delay_ms`,
};
