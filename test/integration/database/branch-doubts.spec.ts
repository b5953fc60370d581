import { BranchEntity, type ProjectEntity, UnitOfWork } from '@nexos/database';
import { BranchLookupsRepository, settleDoubt } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  BASE_DOMAIN,
  aProject,
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
  project = await aProject(database.dataSource.manager);
  await take({ before: NO_COMMIT, after: sha(1), at: at(1) });
});
const take = (move: Move) => push(database.unitOfWork, project, move);
const branch = () =>
  database.dataSource.manager.findOneByOrFail(BranchEntity, { projectId: project.id, name: 'main' });
/** What the worker does with the remote's answer to a question that was asked when the row read so. */
const settle = (asked: BranchEntity, tip: string | null) =>
  database.unitOfWork.run((transaction) =>
    settleDoubt(transaction, asked, { askedAt: asked.headSha, tip }, BASE_DOMAIN),
  );
const lastDeployment = async () => (await deploymentsOf(database, project.id)).at(-1);

/** A push in the same second, from a commit that nobody knows. */
const DOUBTFUL = { before: sha(98), after: sha(99), at: at(1) };

describe('a push of which nobody can tell whether it is newer', () => {
  it('deploys nothing and has the remote asked', async () => {
    expect(await take(DOUBTFUL)).toBe('in-doubt');
    const asked = await branch();
    expect(asked.headSha).toBe(sha(1));
    expect(asked.inDoubtSince).toBeInstanceOf(Date);
    expect(await jobsAbout(database, project.repositoryKey)).toEqual(['look-up-branches']);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('is one whose time and whose history disagree', async () => {
    expect(await take({ before: sha(1), after: sha(2), at: at(0) })).toBe('in-doubt');
  });

  it('is a delete event in the same second', async () => {
    expect(await take({ before: null, after: NO_COMMIT, at: at(1) })).toBe('in-doubt');
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'pending' }]);
  });

  it('is a push that tells no time, from a commit that nobody knows', async () => {
    expect(await take({ ...DOUBTFUL, at: null })).toBe('in-doubt');
  });

  it('is found again by the sweep once it is old enough', async () => {
    await take(DOUBTFUL);
    const { id } = await branch();
    const lookups = new BranchLookupsRepository(database.unitOfWork);
    expect(await lookups.findForgotten(60_000, '', 10)).not.toContain(project.repositoryKey);
    await database.dataSource.query(
      `UPDATE branches SET in_doubt_since = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    expect(await lookups.findForgotten(60_000, '', 10)).toContain(project.repositoryKey);
    expect(await lookups.findForgotten(60_000, project.repositoryKey, 10)).not.toContain(
      project.repositoryKey,
    );
  });

  it('stays in doubt when a push comes that is newer than the head: it may be older than the doubtful one', async () => {
    await take(DOUBTFUL);
    expect(await take({ before: sha(1), after: sha(2), at: at(5) })).toBe('deployed');
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

describe('the remote', () => {
  it('that has the branch elsewhere is followed', async () => {
    await take(DOUBTFUL);
    expect(await settle(await branch(), sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(99), beforeSha: sha(1), inDoubtSince: null });
    expect(await lastDeployment()).toMatchObject({ status: 'queued', commitSha: sha(99) });
  });

  it('that has the branch where it was known to be changes nothing', async () => {
    await take(DOUBTFUL);
    expect(await settle(await branch(), sha(1))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(1), inDoubtSince: null });
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('that does not have the branch any more has its environment destroyed', async () => {
    await take({ before: null, after: NO_COMMIT, at: at(1) });
    expect(await settle(await branch(), null)).toBe(true);
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'destroying' }]);
    expect(await branch()).toMatchObject({ headSha: NO_COMMIT, inDoubtSince: null });
  });

  it('that still does not have a branch which was known to be gone changes nothing', async () => {
    await take({ before: sha(1), after: NO_COMMIT, at: at(2) });
    await take({ before: NO_COMMIT, after: sha(7), at: at(1) });
    expect(await settle(await branch(), null)).toBe(true);
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'destroying' }]);
  });

  it('is asked again when a push was taken while it answered', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await take({ before: sha(1), after: sha(2), at: at(5) });
    await take({ before: sha(97), after: sha(96), at: at(5) });
    expect(await settle(asked, sha(99))).toBe(false);
    expect(await branch()).toMatchObject({ headSha: sha(2) });
    expect((await branch()).inDoubtSince).not.toBeNull();
  });

  it('is asked again when another doubt came up while it answered', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await take({ before: sha(99), after: sha(100), at: at(1) });
    expect(await settle(asked, sha(1))).toBe(false);
    expect((await branch()).inDoubtSince).not.toBeNull();
  });

  it('has nothing more to say once the doubt is settled', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await settle(asked, sha(1));
    await take({ before: sha(1), after: sha(2), at: at(5) });
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(2) });
  });

  it('has nothing to say of a branch whose project has moved to another repository meanwhile', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.manager.delete(BranchEntity, { projectId: project.id });
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('is followed as the project wants it by the time of the answer', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [project.id]);
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await branch()).toMatchObject({ headSha: sha(99), inDoubtSince: null });
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('has nothing to say of a project that is being deleted', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await database.dataSource.query(`UPDATE projects SET status = 'deleting' WHERE id = $1`, [project.id]);
    expect(await settle(asked, sha(99))).toBe(true);
    expect(await deploymentsOf(database, project.id)).toHaveLength(1);
  });

  it('does not collide with a delivery that is processed while it is followed', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    const another = await database.connectAnother();
    let settled: Promise<boolean> | undefined;
    await database.unitOfWork.run(async ({ manager }) => {
      await manager.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [project.id]);
      settled = new UnitOfWork(another).run((transaction) =>
        settleDoubt(transaction, asked, { askedAt: asked.headSha, tip: sha(99) }, BASE_DOMAIN),
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
    await another.destroy();
  });

  it('that answers twice at once is followed once', async () => {
    await take(DOUBTFUL);
    const asked = await branch();
    await Promise.all([settle(asked, sha(99)), settle(asked, sha(99))]);
    const deployments = await deploymentsOf(database, project.id);
    expect(deployments.filter(({ commitSha }) => commitSha === sha(99))).toHaveLength(1);
  });
});

describe('a push that comes after a doubt was settled', () => {
  it('and leads to the same commit deploys nothing again', async () => {
    await take(DOUBTFUL);
    await settle(await branch(), sha(99));
    expect(await take({ before: sha(1), after: sha(99), at: at(3) })).toBe('ignored');
    expect(await deploymentsOf(database, project.id)).toHaveLength(2);
  });

  it('and is older than what the remote had does not go back', async () => {
    await take(DOUBTFUL);
    // The remote has had two pushes since, of which neither delivery has arrived.
    await settle(await branch(), sha(3));
    expect(await take({ before: sha(1), after: sha(2), at: at(2) })).not.toBe('deployed');
    expect(await branch()).toMatchObject({ headSha: sha(3) });
  });

  it('and goes on from what the remote had deploys', async () => {
    await take(DOUBTFUL);
    await settle(await branch(), sha(99));
    expect(await take({ before: sha(99), after: sha(101), at: at(9) })).toBe('deployed');
  });
});
