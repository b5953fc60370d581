import { BranchEntity, type ProjectEntity, UnitOfWork } from '@nexos/database';
import { BranchLookupsRepository, settleDoubt } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  BASE_DOMAIN,
  insertProject,
  at,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
  push,
  sha,
  type Move,
} from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let project: ProjectEntity;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  await applyMove({ before: NO_COMMIT, after: sha(1), at: at(1) });
});
const applyMove = (move: Move) => push(database.unitOfWork, project, move);
const branch = () =>
  database.dataSource.manager.findOneByOrFail(BranchEntity, { projectId: project.id, name: 'main' });
/** Applies the remote's answer as the worker does; `asked` is the branch row at the time of the question. */
const settle = (asked: BranchEntity, tip: string | null) =>
  database.unitOfWork.run((transaction) =>
    settleDoubt(transaction, asked, { headWhenAsked: asked.headSha, tip }, BASE_DOMAIN),
  );
const lastDeployment = async () => (await deploymentsOf(database, project.id)).at(-1);

/** A push in the same second as the first, from an unknown commit. */
const DOUBTFUL = { before: sha(98), after: sha(99), at: at(1) };

describe('a push of unknown order', () => {
  it('deploys nothing and enqueues a branch lookup when the order of a push is unknown', async () => {
    expect(await applyMove(DOUBTFUL)).toBe('in-doubt');
    const asked = await branch();
    expect(asked.headSha).toBe(sha(1));
    expect(asked.inDoubtSince).toBeInstanceOf(Date);
    expect(await jobsAbout(database, project.repositoryKey)).toEqual(['look-up-branches']);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('leaves the branch in doubt when the time and the history of a push disagree', async () => {
    expect(await applyMove({ before: sha(1), after: sha(2), at: at(0) })).toBe('in-doubt');
  });

  it('leaves the branch in doubt after a delete event in the same second', async () => {
    expect(await applyMove({ before: null, after: NO_COMMIT, at: at(1) })).toBe('in-doubt');
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'pending' }]);
  });

  it('leaves the branch in doubt after a push without a time from an unknown commit', async () => {
    expect(await applyMove({ ...DOUBTFUL, at: null })).toBe('in-doubt');
  });

  it('lets the sweep find a branch in doubt once the doubt is old enough', async () => {
    await applyMove(DOUBTFUL);
    const { id } = await branch();
    const lookups = new BranchLookupsRepository(database.unitOfWork);
    expect(await lookups.findStalled(60_000, '', 10)).not.toContain(project.repositoryKey);
    await database.dataSource.query(
      `UPDATE branches SET in_doubt_since = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    expect(await lookups.findStalled(60_000, '', 10)).toContain(project.repositoryKey);
    expect(await lookups.findStalled(60_000, project.repositoryKey, 10)).not.toContain(project.repositoryKey);
  });

  it('keeps a branch in doubt after a push newer than its head, which may be older than the doubtful push', async () => {
    await applyMove(DOUBTFUL);
    expect(await applyMove({ before: sha(1), after: sha(2), at: at(5) })).toBe('deployed');
    const asked = await branch();
    expect(asked.inDoubtSince).not.toBeNull();
    expect(await jobsAbout(database, project.repositoryKey)).toEqual([
      'look-up-branches',
      'look-up-branches',
    ]);
    expect(await settle(asked, sha(2))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(2), inDoubtSince: null });
    expect(await deploymentsOf(database, project.id)).toHaveLength(2);
  });
});

describe('settleDoubt', () => {
  it('deploys the commit of the remote when it differs from the known head', async () => {
    await applyMove(DOUBTFUL);
    expect(await settle(await branch(), sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(99), beforeSha: sha(1), inDoubtSince: null });
    expect(await lastDeployment()).toMatchObject({ status: 'queued', commitSha: sha(99) });
  });

  it('settles the doubt without a deployment when the remote has the known head', async () => {
    await applyMove(DOUBTFUL);
    expect(await settle(await branch(), sha(1))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(1), inDoubtSince: null });
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('destroys the environment when the remote no longer has the branch', async () => {
    await applyMove({ before: null, after: NO_COMMIT, at: at(1) });
    expect(await settle(await branch(), null)).toBe(true);
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'destroying' }]);
    expect(await branch()).toMatchObject({ headSha: NO_COMMIT, inDoubtSince: null });
  });

  it('changes nothing when the remote still lacks a branch known to be deleted', async () => {
    await applyMove({ before: sha(1), after: NO_COMMIT, at: at(2) });
    await applyMove({ before: NO_COMMIT, after: sha(7), at: at(1) });
    expect(await settle(await branch(), null)).toBe(true);
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'destroying' }]);
  });

  it('asks the remote again when a push was applied during the lookup', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await applyMove({ before: sha(1), after: sha(2), at: at(5) });
    await applyMove({ before: sha(97), after: sha(96), at: at(5) });
    expect(await settle(asked, sha(99))).toBe(false);
    expect(await branch()).toMatchObject({ headSha: sha(2) });
    expect((await branch()).inDoubtSince).not.toBeNull();
  });

  it('asks the remote again when another doubt arose during the lookup', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await applyMove({ before: sha(99), after: sha(100), at: at(1) });
    expect(await settle(asked, sha(1))).toBe(false);
    expect((await branch()).inDoubtSince).not.toBeNull();
  });

  it('ignores an answer of the remote once the doubt is settled', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await settle(asked, sha(1));
    await applyMove({ before: sha(1), after: sha(2), at: at(5) });
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(2) });
  });

  it('ignores an answer for a branch whose project has moved to another repository', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.manager.delete(BranchEntity, { projectId: project.id });
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('applies the settings that the project has when the remote answers', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [project.id]);
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(99), inDoubtSince: null });
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('deploys nothing for a project that is being deleted', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.query(`UPDATE projects SET status = 'deleting' WHERE id = $1`, [project.id]);
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('does not deadlock with a delivery that is processed at the same time', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    const otherDataSource = await database.connectAnother();
    let settled: Promise<boolean> | undefined;
    await database.unitOfWork.run(async ({ manager }) => {
      await manager.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [project.id]);
      settled = new UnitOfWork(otherDataSource).run((transaction) =>
        settleDoubt(transaction, asked, { headWhenAsked: asked.headSha, tip: sha(99) }, BASE_DOMAIN),
      );
      await eventually('the answer to wait', async () => {
        const waiting = await database.rows(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0 ? true : undefined;
      });
      // Every transaction locks the branch after the project.
      await manager.query('SELECT 1 FROM branches WHERE id = $1 FOR UPDATE NOWAIT', [asked.id]);
    });
    expect(await settled).toBe(true);
    await otherDataSource.destroy();
  });

  it('deploys once when two answers are applied at the same time', async () => {
    await applyMove(DOUBTFUL);
    const asked = await branch();
    await Promise.all([settle(asked, sha(99)), settle(asked, sha(99))]);
    const deployments = await deploymentsOf(database, project.id);
    expect(deployments.filter(({ commitSha }) => commitSha === sha(99))).toHaveLength(1);
  });
});

describe('a push after a doubt was settled', () => {
  it('deploys nothing for a late push of the commit that settled the doubt', async () => {
    await applyMove(DOUBTFUL);
    await settle(await branch(), sha(99));
    expect(await applyMove({ before: sha(1), after: sha(99), at: at(3) })).toBe('ignored');
    expect(await deploymentsOf(database, project.id)).toHaveLength(2);
  });

  it('does not go back for a push that is older than the commit found at the remote', async () => {
    await applyMove(DOUBTFUL);
    // The remote has received two more pushes whose deliveries have not arrived.
    await settle(await branch(), sha(3));
    expect(await applyMove({ before: sha(1), after: sha(2), at: at(2) })).not.toBe('deployed');
    expect(await branch()).toMatchObject({ headSha: sha(3) });
  });

  it('deploys a push that follows the commit found at the remote', async () => {
    await applyMove(DOUBTFUL);
    await settle(await branch(), sha(99));
    expect(await applyMove({ before: sha(99), after: sha(101), at: at(9) })).toBe('deployed');
  });
});
