import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { BuilderWithoutEngine } from '../../support/builder-without-engine.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { queueBuilds } from '../../support/waiting-builds.js';

let database: TestDatabase;
let builder: BuilderWithoutEngine;
/** Ends the builds that run, in the order in which they began. */
const ends: (() => void)[] = [];
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterEach(async () => {
  await database.dataSource.query(`UPDATE deployments SET status = 'cancelled' WHERE status = 'queued'`);
  for (const end of ends.splice(0)) end();
  await builder.stop();
});
afterAll(() => database.drop());

const start = async (concurrency: number) => {
  builder = await BuilderWithoutEngine.start(database, {
    redisUrl: inject('system').env.REDIS_URL ?? '',
    concurrency,
    build: () => new Promise<void>((resolve) => ends.push(resolve)),
  });
};
const begun = (count: number) =>
  eventually(`${count} builds to have begun`, () =>
    Promise.resolve(builder.begun.length >= count ? builder.begun.slice(0, count) : undefined),
  );

it('begins the first build of an account after one build of another that has queued 200', async () => {
  await start(1);
  const many = await queueBuilds(database, 200);
  await builder.enqueue(many.deploymentIds);
  await begun(1);
  const one = await queueBuilds(database, 1);
  await builder.enqueue(one.deploymentIds);
  ends.shift()?.();
  expect(await begun(2)).toEqual([many.deploymentIds[0], one.deploymentIds[0]]);
  ends.shift()?.();
  expect((await begun(3))[2]).toBe(many.deploymentIds[1]);
});

it('goes on with the builds of an account that its limit has held back, when one ends', async () => {
  await start(3);
  const { deploymentIds } = await queueBuilds(database, 4, { concurrentBuilds: 1 });
  await builder.enqueue(deploymentIds);
  for (let count = 1; count <= 4; count++) {
    expect(await begun(count)).toEqual(deploymentIds.slice(0, count));
    expect(ends).toHaveLength(1);
    ends.shift()?.();
  }
});

it('begins a build whose environment was locked, although its own job has begun another one', async () => {
  await start(2);
  const { deploymentIds, projectId } = await queueBuilds(database, 2);
  const [locked = '', free = ''] = deploymentIds;
  const other = await database.connectAnother();
  try {
    await other.transaction(async (manager) => {
      await manager.query(
        `SELECT 1 FROM environments WHERE project_id = $1
           AND id = (SELECT environment_id FROM deployments WHERE id = $2) FOR UPDATE`,
        [projectId, locked],
      );
      await builder.enqueue([locked]);
      expect(await begun(1)).toEqual([free]);
      const claims = builder.claimTimes.length;
      await builder.enqueue([free]);
      await eventually('the other job to find that build busy', () =>
        Promise.resolve(builder.claimTimes.length > claims ? true : undefined),
      );
    });
  } finally {
    await other.destroy();
  }
  expect(await begun(2)).toEqual([free, locked]);
});
