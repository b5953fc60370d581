import { type SkippedPush } from '@nexos/domain';
import { type Transaction } from '@nexos/database';

/** SQL: the subject of the comment on the pull requests of a branch. */
const commentSubject = (branch: string) =>
  `project.account_id || ' ' || project.repository_key || ' ' || ${branch}`;

/**
 * Notes that GitHub does not know the state of a deployment: of its check, its GitHub Deployment and the comment of its
 * branch, unless the project turned them off or has no known installation of the GitHub App. Those that exist are told to
 * their end. A version that was replaced before GitHub knew of it is left out.
 */
export function wantDeploymentReports(transaction: Transaction, deploymentId: string): Promise<void> {
  return want(
    transaction,
    `INSERT INTO github_reports AS report (kind, subject, project_id, environment_id, branch)
     SELECT wanted.kind, wanted.subject, project.id,
       CASE WHEN wanted.kind <> 'comment' THEN deployment.environment_id END, deployment.branch
     FROM deployments deployment JOIN projects project ON project.id = deployment.project_id
       CROSS JOIN LATERAL (VALUES
         ('check', deployment.id, project.github_checks),
         ('comment', ${commentSubject('deployment.branch')}, project.github_comments),
         ('deployment', deployment.id, project.github_deployments)
       ) AS wanted (kind, subject, is_enabled)
     WHERE deployment.id = $1 AND project.installation_id IS NOT NULL
       AND (wanted.is_enabled AND (wanted.kind = 'comment' OR deployment.status <> 'replaced')
         OR wanted.kind <> 'comment' AND EXISTS (
           SELECT 1 FROM github_reports known WHERE known.kind = wanted.kind AND known.subject = wanted.subject))
     ORDER BY wanted.kind
     ON CONFLICT (kind, subject) DO UPDATE
       SET version = report.version + 1, project_id = excluded.project_id, updated_at = now()
     RETURNING id`,
    [deploymentId],
  );
}

/** Notes that GitHub does not know the end of an environment, if it was told of the environment at all. */
export function wantEndReports(transaction: Transaction, environmentId: string): Promise<void> {
  return want(
    transaction,
    `WITH changed AS (
       UPDATE github_reports report SET version = version + 1, updated_at = now()
       WHERE id IN (
         SELECT id FROM github_reports
         WHERE environment_id = $1 AND kind = 'deployment' AND state IS DISTINCT FROM 'inactive'
         UNION ALL
         SELECT comment.id FROM environments environment JOIN projects project ON project.id = environment.project_id
           JOIN github_reports comment ON comment.kind = 'comment'
             AND comment.subject = ${commentSubject('environment.branch')}
         WHERE environment.id = $1 AND project.github_comments)
       RETURNING id)
     SELECT id FROM changed`,
    [environmentId],
  );
}

/**
 * Notes that the pull requests of a branch may lack the comment: one was opened, for example. Does nothing for a branch
 * without an environment.
 */
export function wantComment(transaction: Transaction, projectId: string, branch: string): Promise<void> {
  return want(
    transaction,
    `INSERT INTO github_reports AS report (kind, subject, project_id, branch)
     SELECT 'comment', ${commentSubject('$2')}, project.id, $2
     FROM projects project
     WHERE project.id = $1 AND project.installation_id IS NOT NULL AND project.github_comments
       AND EXISTS (SELECT 1 FROM environments WHERE project_id = $1 AND branch = $2)
     ON CONFLICT (kind, subject) DO UPDATE
       SET version = report.version + 1, project_id = excluded.project_id, updated_at = now()
     RETURNING id`,
    [projectId, branch],
  );
}

/** Notes that GitHub does not know that a push was skipped. Does nothing if the project turned checks off. */
export function wantSkipReport(
  transaction: Transaction,
  projectId: string,
  branch: string,
  skipped: SkippedPush,
): Promise<void> {
  return want(
    transaction,
    `INSERT INTO github_reports AS report (kind, subject, project_id, branch, skipped)
     SELECT 'skip', project.id || ' ' || $2 || ' ' || ($3::jsonb ->> 'commitSha'), project.id, $2, $3
     FROM projects project
     WHERE project.id = $1 AND project.installation_id IS NOT NULL AND project.github_checks
     ON CONFLICT (kind, subject) DO UPDATE
       SET version = report.version + 1, skipped = excluded.skipped, updated_at = now()
     RETURNING id`,
    [projectId, branch, JSON.stringify(skipped)],
  );
}

async function want(transaction: Transaction, sql: string, parameters: readonly string[]): Promise<void> {
  const rows = await transaction.manager.query<{ id: string }[]>(sql, [...parameters]);
  for (const { id: reportId } of rows) {
    transaction.enqueue({ queue: 'notify', name: 'report-to-github', payload: { reportId } });
  }
}
