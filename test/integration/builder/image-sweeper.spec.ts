import { randomUUID } from 'node:crypto';
import { WorkerConfig } from '@nexos/config';
import { destroyEnvironment, ImagesRepository, rollBack } from '@nexos/state';
import { type ProjectEntity, type Transaction } from '@nexos/database';
import { newId } from '@nexos/domain';
import { newImageTag, ownerLabels } from '@nexos/engine';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { ImageSweeper } from '../../../apps/builder/src/images/image-sweeper.js';
import { TestDatabase } from '../../support/database.js';
import { aProject, aQueuedDeployment, BY_REQUEST, SOMEBODY } from '../../support/rows.js';
import {
  buildOf,
  engineFixture,
  INSTANCE,
  rawEngine,
  removeLeftovers,
  type EngineFixture,
  type TestOwner,
} from '../engine/engine-fixture.js';

let database: TestDatabase;
let engine: EngineFixture;
let project: ProjectEntity;
let number = 0;

beforeAll(async () => {
  await removeLeftovers();
  database = await TestDatabase.create(inject('system'));
  engine = await engineFixture();
});
afterAll(async () => {
  await engine.close();
  await removeLeftovers();
  await database.drop();
});
beforeEach(async () => {
  project = await aProject(database.dataSource.manager);
});
afterEach(() => void vi.restoreAllMocks());

/** One whole turn. */
async function sweep(): Promise<void> {
  const sweeper = new ImageSweeper(database.repository(ImagesRepository), engine.images, new WorkerConfig());
  sweeper.onApplicationBootstrap();
  await sweeper.beforeApplicationShutdown();
}

/** A real image with the labels of that owner. */
async function anImage(owner: TestOwner, { builder } = engine, instance = INSTANCE): Promise<string> {
  const build = buildOf(`FROM scratch\nLABEL number=${randomUUID()}\nCMD ["/none"]\n`, {
    tag: newImageTag(instance, owner.deploymentId),
    labels: ownerLabels(instance, owner),
  });
  return (await builder.build(build)).imageId;
}

interface Change {
  readonly status: string;
  readonly imageId?: string;
  readonly seedImageId?: string;
  /** Null: a registry has the image. */
  readonly nodeId?: string | null;
  /** When it came to that. */
  readonly minutesAgo?: number;
}

async function become(deploymentId: string, change: Change): Promise<void> {
  const { status, imageId = null, seedImageId = null, nodeId = 'another', minutesAgo = 60 } = change;
  const isOver = !['queued', 'building', 'deploying', 'live'].includes(status);
  await database.dataSource.query(
    `UPDATE deployments SET status = $2, image_id = $3, seed_image_id = $4,
       image_node_id = CASE WHEN $3::text IS NOT NULL THEN $5 END,
       failure_code = CASE WHEN $2 = 'failed' THEN 'builder_lost' END,
       built_at = CASE WHEN $3::text IS NOT NULL THEN now() - make_interval(mins => $6) END,
       finished_at = CASE WHEN $7 THEN now() - make_interval(mins => $6) END
     WHERE id = $1`,
    [deploymentId, status, imageId, seedImageId, nodeId, minutesAgo, isOver],
  );
  await database.dataSource.query(
    `UPDATE environments SET live_deployment_id = $1, desired_deployment_id = $1, status = 'running'
     WHERE $2 = 'live' AND id = (SELECT environment_id FROM deployments WHERE id = $1)`,
    [deploymentId, status],
  );
}

interface Version {
  readonly owner: TestOwner;
  readonly imageId: string;
}

/** A deployment of the project's one environment, and an image on this engine that was built for it. */
async function aVersion(change: Change & { readonly hasImage?: boolean }): Promise<Version> {
  const { id, environmentId } = await aQueuedDeployment(database, { project, number: ++number });
  const owner = { projectId: project.id, environmentId, deploymentId: id };
  const imageId = await anImage(owner);
  await become(id, change.hasImage === false ? change : { imageId, ...change });
  return { owner, imageId };
}

const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
async function destroyed({ environmentId }: TestOwner): Promise<void> {
  await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
  await database.dataSource.query(
    `UPDATE environments SET status = 'destroyed', destroyed_at = now() WHERE id = $1`,
    [environmentId],
  );
}

const areThere = (...ids: string[]) => Promise.all(ids.map((id) => engine.images.exists(id)));
async function isGivenUp({ owner }: Version): Promise<boolean> {
  const sql = 'SELECT 1 FROM deployments WHERE id = $1 AND image_removed_at IS NOT NULL';
  return (await database.rows(sql, [owner.deploymentId])).length === 1;
}

describe('an image that nobody wants', () => {
  it('goes with its environment, which was destroyed from another machine', async () => {
    const { owner, imageId } = await aVersion({ status: 'live', minutesAgo: 0 });
    const said = vi.spyOn(Logger.prototype, 'log');
    await destroyed(owner);
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
    expect(said).toHaveBeenCalledWith('removed 1 image(s) that nobody wants');
  });

  it('goes though its builder died before it wrote it down, and the environment was destroyed then', async () => {
    const { owner, imageId } = await aVersion({ status: 'building', hasImage: false });
    await destroyed(owner);
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
  });

  it('goes when its build was ended before it had a tag', async () => {
    const { id, environmentId } = await aQueuedDeployment(database, { project, number: ++number });
    const owner = { projectId: project.id, environmentId, deploymentId: id };
    let asked = 0;
    const guard = () => (++asked === 2 ? Promise.reject(new Error('cancelled')) : Promise.resolve());
    const build = buildOf(`FROM scratch\nLABEL number=${randomUUID()}\n`, {
      labels: ownerLabels(INSTANCE, owner),
      guard,
    });
    await expect(engine.builder.build(build)).rejects.toThrow('cancelled');
    expect(await engine.images.list({ deploymentId: id })).toMatchObject([{ tags: [] }]);
    await become(id, { status: 'cancelled' });
    await sweep();
    expect(await engine.images.list({ deploymentId: id })).toEqual([]);
  });

  it.each(['failed', 'cancelled', 'superseded'])(
    'goes when its deployment has %s without it',
    async (status) => {
      const { imageId } = await aVersion({ status, hasImage: false });
      await sweep();
      expect(await areThere(imageId)).toEqual([false]);
    },
  );

  it('goes when another builder made the one that its deployment has', async () => {
    const live = await aVersion({ status: 'live' });
    const [stray, seed] = [await anImage(live.owner), await anImage(live.owner)];
    await become(live.owner.deploymentId, { status: 'live', imageId: live.imageId, seedImageId: seed });
    await sweep();
    expect(await areThere(stray, live.imageId, seed)).toEqual([false, true, true]);
  });

  it('goes when it was given up and its removal was cut off', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    await aVersion({ status: 'live' });
    await database.dataSource.query('UPDATE deployments SET image_removed_at = now() WHERE id = $1', [
      old.owner.deploymentId,
    ]);
    await sweep();
    expect(await areThere(old.imageId)).toEqual([false]);
  });

  it('goes when the books do not know its deployment any more', async () => {
    const { owner } = await aVersion({ status: 'live' });
    const imageId = await anImage({ ...owner, deploymentId: newId('deployment') });
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
  });

  it('goes though another one cannot be removed', async () => {
    const one = await aVersion({ status: 'cancelled', hasImage: false });
    const other = await aVersion({ status: 'cancelled', hasImage: false });
    vi.spyOn(engine.images, 'remove').mockRejectedValueOnce(new Error('busy'));
    await sweep();
    const there = await areThere(one.imageId, other.imageId);
    expect(there.sort()).toEqual([false, true]);
  });
});

describe('an old version that was built on another machine than the one that replaced it', () => {
  it('is given up and its image removed; the one before the live one can still be gone back to', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    const previous = await aVersion({ status: 'replaced', minutesAgo: 60 });
    const live = await aVersion({ status: 'live' });
    await sweep();
    expect(await areThere(old.imageId, previous.imageId, live.imageId)).toEqual([false, true, true]);
    const givenUp = await Promise.all([old, previous, live].map(isGivenUp));
    expect(givenUp).toEqual([true, false, false]);
    const { environmentId } = live.owner;
    const back = await run((work) => rollBack(work, environmentId, previous.owner.deploymentId, SOMEBODY));
    expect(back).toEqual({ refused: null });
    await sweep();
    expect(await areThere(previous.imageId, live.imageId)).toEqual([true, true]);
  });

  it('stays when somebody goes back to it while the sweep is about to give it up', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    await aVersion({ status: 'replaced', minutesAgo: 60 });
    const { environmentId } = (await aVersion({ status: 'live' })).owner;
    const { unitOfWork } = database;
    vi.spyOn(unitOfWork, 'run').mockImplementationOnce(async (work) => {
      await run((transaction) => rollBack(transaction, environmentId, old.owner.deploymentId, SOMEBODY));
      return run(work);
    });
    await sweep();
    expect([await areThere(old.imageId), await isGivenUp(old)]).toEqual([[true], false]);
  });

  it('has its copy removed where a registry keeps it, and is not given up', async () => {
    const reference = (name: string) => `registry/${name}@sha256:${'a'.repeat(64)}`;
    const kept = (name: string) => ({ nodeId: null, imageId: reference(name) });
    const old = await aVersion({ ...kept('old'), status: 'replaced', minutesAgo: 90 });
    const previous = await aVersion({ ...kept('previous'), status: 'replaced' });
    const live = await aVersion({ ...kept('live'), status: 'live' });
    await sweep();
    expect(await areThere(old.imageId, previous.imageId, live.imageId)).toEqual([false, true, true]);
    expect(await isGivenUp(old)).toBe(false);
  });
});

describe('an image is left alone', () => {
  it.each([
    ['queued', false],
    ['building', false],
    ['deploying', true],
    ['live', true],
  ])('while its deployment is %s', async (status, hasImage) => {
    const { owner, imageId } = await aVersion({ status, hasImage });
    if (!hasImage) await destroyed(owner);
    await become(owner.deploymentId, { status, ...(hasImage && { imageId }) });
    await sweep();
    expect(await areThere(imageId)).toEqual([true]);
  });

  it('when its build is written down after the engine was asked', async () => {
    const { owner, imageId } = await aVersion({ status: 'building', hasImage: false });
    const list = engine.images.list.bind(engine.images);
    vi.spyOn(engine.images, 'list').mockImplementationOnce(async (of) => {
      const here = await list(of);
      await become(owner.deploymentId, { status: 'deploying', imageId });
      return here;
    });
    await sweep();
    expect(await areThere(imageId)).toEqual([true]);
  });

  it.each(['cancelled', 'replaced'])('when its deployment was %s a moment ago', async (status) => {
    const hasImage = status === 'replaced';
    const { owner, imageId } = await aVersion({ status, hasImage, minutesAgo: 1 });
    await aVersion({ status: 'replaced', minutesAgo: 0 });
    await aVersion({ status: 'live', minutesAgo: 0 });
    const stray = await anImage(owner);
    await sweep();
    expect(await areThere(imageId, stray)).toEqual([true, true]);
  });

  it('while a container has it, and goes once none has', async () => {
    const { owner, imageId } = await aVersion({ status: 'live' });
    await destroyed(owner);
    const container = await rawEngine().createContainer({
      Image: imageId,
      Labels: ownerLabels(INSTANCE, {}),
    });
    await sweep();
    expect(await areThere(imageId)).toEqual([true]);
    await container.remove();
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
  });

  it('when it is of another installation, or of a project that is not known', async () => {
    const { owner } = await aVersion({ status: 'cancelled', hasImage: false });
    const other = await engineFixture({ NEXOS_INSTANCE: `${INSTANCE}x` });
    const foreign = await anImage(owner, other, `${INSTANCE}x`);
    const stranger = await anImage({
      ...owner,
      projectId: newId('project'),
      deploymentId: newId('deployment'),
    });
    await sweep();
    expect(await areThere(foreign, stranger)).toEqual([true, true]);
    expect(await other.images.remove(foreign)).toBe('removed');
    await other.close();
  });
});
