import { type Transaction } from '@nexos/database';

/**
 * Has the reports tried again that were given up for projects of an installation: GitHub may accept them now, after its
 * owner accepted new permissions, for example. Those that are being told at the moment are left alone.
 */
export async function retryGivenUpReports(transaction: Transaction, installationId: string): Promise<void> {
  const [rows] = await transaction.manager.query<[{ id: string }[], number]>(
    `UPDATE github_reports SET version = version + 1, failures = 0, refusals = 0, first_failed_at = NULL,
       next_attempt_at = now(), updated_at = now()
     WHERE id IN (
       SELECT report.id FROM github_reports report JOIN projects project ON project.id = report.project_id
       WHERE project.installation_id = $1 AND project.status = 'active' AND report.error IS NOT NULL
         AND report.told_version = report.version
       FOR UPDATE OF report SKIP LOCKED)
     RETURNING id`,
    [installationId],
  );
  for (const { id: reportId } of rows) {
    transaction.enqueue({ queue: 'notify', name: 'report-to-github', payload: { reportId } });
  }
}
