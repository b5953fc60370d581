import type { ProjectEntity } from '@nexos/database';
import { remoteFailure } from '@nexos/domain';
import { BranchChecksRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { RepositoryAccessibility } from '../../../apps/integrations/src/branches/repository-accessibility.js';
import { PauseLog } from '../../../apps/integrations/src/installations/pause-log.js';
import { TestDatabase } from '../../support/database.js';
import { insertProject, jobsAbout } from '../../support/rows.js';

let database: TestDatabase;
let access: RepositoryAccessibility;
let project: ProjectEntity;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  access = new RepositoryAccessibility(database.unitOfWork, new PauseLog());
});
afterAll(() => database.drop());
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});

const denial = (cause?: unknown) => remoteFailure('repository_access_denied', project.githubRepo, cause);
const pausedReason = async ({ id }: ProjectEntity = project) => {
  const [row] = await database.rows<{ reason: string | null }>(
    'SELECT paused_reason AS reason FROM projects WHERE id = $1',
    [id],
  );
  return row?.reason;
};

describe('a repository that denies access', () => {
  it('pauses its projects at the second time, and the next answer resumes them', async () => {
    await access.denied(project, denial(), 1);
    expect(await pausedReason()).toBeNull();
    await access.denied(project, denial(), 2);
    expect(await pausedReason()).toBe('repository_inaccessible');
    await access.regained(project);
    expect(await pausedReason()).toBeNull();
    expect(await jobsAbout(database, project.repositoryKey)).toContain('check-branches');
  });

  it('pauses nothing when GitHub rejects the App itself, or does not answer', async () => {
    await access.denied(project, denial(Object.assign(new Error('Bad credentials'), { status: 401 })), 9);
    await access.denied(project, remoteFailure('repository_unreachable', project.githubRepo), 9);
    expect(await pausedReason()).toBeNull();
  });

  it('pauses no project that has another access to it', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    await database.dataSource.query('UPDATE projects SET installation_id = 9 WHERE id = $1', [other.id]);
    await access.denied(project, denial(), 2);
    expect(await pausedReason(other)).toBeNull();
  });

  it('pauses no project that may use the GitHub App, if the one that was asked with may not, which is asked last', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    await database.dataSource.query('UPDATE projects SET predates_access_checks = true WHERE id = $1', [
      other.id,
    ]);
    const checks = new BranchChecksRepository(database.unitOfWork);
    expect(await checks.projectToAsk(project.repositoryKey)).toMatchObject({ id: other.id });
    await access.denied(project, denial(), 2);
    expect([await pausedReason(), await pausedReason(other)]).toEqual(['repository_inaccessible', null]);
  });

  it('resumes a project without an installation when another one is answered, since only that one is asked', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    await access.denied(project, denial(), 2);
    expect([await pausedReason(), await pausedReason(other)]).not.toContain(null);
    await database.dataSource.query('UPDATE projects SET installation_id = 9 WHERE id = $1', [other.id]);
    const checks = new BranchChecksRepository(database.unitOfWork);
    const asked = await checks.projectToAsk(project.repositoryKey);
    if (asked?.id !== other.id) throw new Error('the other project is not asked');
    await access.regained(asked);
    expect([await pausedReason(), await pausedReason(other)]).toEqual([null, null]);
  });

  it('is checked again although no branch has an environment', async () => {
    await access.denied(project, denial(), 2);
    const checks = new BranchChecksRepository(database.unitOfWork);
    await database.dataSource.query(`UPDATE projects SET paused_at = paused_at - interval '2 hours'`);
    const due = await checks.findDue({ intervalMs: 3_600_000, sweepMs: 3_600_000 });
    expect(due).toContain(project.repositoryKey);
    expect(await checks.projectToAsk(project.repositoryKey)).toMatchObject({ id: project.id });
  });

  it('stays paused when another repository has the name now', async () => {
    await database.dataSource.query('UPDATE projects SET repository_id = 77 WHERE id = $1', [project.id]);
    await database.dataSource.query(
      `INSERT INTO github_installations (id, owner_id, owner_login, owner_type, repository_selection, status, changed_at)
       VALUES (5, 1, 'acme', 'User', 'all', 'active', now())`,
    );
    await database.dataSource.query(
      `INSERT INTO github_repositories (id, installation_id, name, name_key, is_private) VALUES (78, 5, $1, $1, true)`,
      [project.repositoryKey],
    );
    await access.denied(project, denial(), 2);
    await access.regained(project);
    expect(await pausedReason()).toBe('repository_inaccessible');
  });

  it('is not checked while deploys are paused because of the installation', async () => {
    await database.dataSource.query(
      `UPDATE projects SET paused_reason = 'installation_suspended', paused_at = now() WHERE id = $1`,
      [project.id],
    );
    const checks = new BranchChecksRepository(database.unitOfWork);
    expect(await checks.projectToAsk(project.repositoryKey)).toBeNull();
  });
});
