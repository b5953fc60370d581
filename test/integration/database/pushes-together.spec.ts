import { randomUUID } from 'node:crypto';
import { type ProjectEntity, BatchLoader } from '@nexos/database';
import { type DeliveredPush, takePushesAtOnce } from '@nexos/state';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { aProject, at, deploymentsOf, push, sha } from '../../support/rows.js';

type P = ProjectEntity;

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

function delivered(
  { githubRepo }: Pick<ProjectEntity, 'githubRepo'>,
  { before = sha(1), after = sha(2), second = 2, deliveryId = randomUUID() } = {},
): DeliveredPush {
  const commit = { sha: after, message: 'A change', author: 'Somebody' };
  const move = { branch: 'main', before, after, pushedAt: at(second), commit };
  return { deliveryId, repository: githubRepo, installationId: null, move };
}
const takeAll = (pushes: readonly DeliveredPush[]) =>
  takePushesAtOnce(database.dataSource, database.unitOfWork, pushes);
/** Projects that each have a branch where a push leads on from `sha(1)`. */
async function projectsWithAPush(count: number): Promise<ProjectEntity[]> {
  const projects: ProjectEntity[] = [];
  while (projects.length < count) {
    const project = await aProject(database.dataSource.manager);
    await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
    projects.push(project);
  }
  return projects;
}
/** The commits that wait to be built, one project after the other. */
const waitingOf = async (projects: readonly ProjectEntity[]) =>
  Promise.all(
    projects.map(async ({ id }) =>
      (await deploymentsOf(database, id))
        .filter(({ status }) => status === 'queued')
        .map(({ commitSha }) => commitSha),
    ),
  );

describe('pushes that are taken together', () => {
  it('are each taken or left by themselves', async () => {
    const projects = await projectsWithAPush(4);
    const [first, second, third, fourth] = projects as [P, P, P, P];
    const known = randomUUID();
    await takeAll([delivered(fourth, { deliveryId: known })]);
    const taken = await takeAll([
      delivered(first),
      delivered(fourth, { before: sha(2), after: sha(3), second: 3, deliveryId: known }),
      delivered({ githubRepo: 'nobody/nothing' }),
      delivered(second, { before: sha(7), after: sha(8), second: 1 }),
      delivered({ githubRepo: third.githubRepo.toUpperCase() }),
      delivered(third, { before: sha(2), after: sha(3), second: 3 }),
    ]);
    expect(taken).toEqual([true, false, false, false, true, false]);
    expect(await waitingOf([first, fourth, second, third])).toEqual([[sha(2)], [sha(2)], [sha(1)], [sha(2)]]);
  });

  it('do not suffer from one that the database refuses', async () => {
    const projects = await projectsWithAPush(3);
    const together = new BatchLoader(takeAll, { underWay: 1, items: 10 });
    const outcomes = await Promise.allSettled(
      projects.map((project, i) =>
        together.about(delivered(project, { after: i === 1 ? 'not a commit' : sha(2) })),
      ),
    );
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'))).toEqual([
      true,
      'failed',
      true,
    ]);
    expect(await waitingOf(projects)).toEqual([[sha(2)], [sha(1)], [sha(2)]]);
  });

  it('in two processes, each with the same branches in another order, are taken at most once each', async () => {
    const projects = await projectsWithAPush(20);
    const pushes = (after: string) => projects.map((project) => delivered(project, { after }));
    const [here, there] = await Promise.all([takeAll(pushes(sha(100))), takeAll(pushes(sha(200)).reverse())]);
    there.reverse();
    const expected = here.map((takenHere, i) => {
      expect(takenHere && there[i]).toBe(false);
      return [takenHere ? sha(100) : there[i] === true ? sha(200) : sha(1)];
    });
    expect(await waitingOf(projects)).toEqual(expected);
  });

  it('keep half of a character out of the database, as text parameters do', async () => {
    const [project] = (await projectsWithAPush(1)) as [P];
    const push = delivered(project);
    const commit = { ...push.move.commit, message: 'half \ud83d of it' };
    expect(await takeAll([{ ...push, move: { ...push.move, commit } }])).toEqual([true]);
    const [row] = await database.rows<object>(
      `SELECT commit_message FROM deployments WHERE project_id = $1 AND status = 'queued'`,
      [project.id],
    );
    expect(row).toEqual({ commit_message: 'half \ufffd of it' });
  });
});
