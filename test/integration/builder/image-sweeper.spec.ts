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
import { insertProject, createQueuedDeployment, BY_REQUEST, API_ACTOR } from '../../support/rows.js';
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
  project = await insertProject(database.dataSource.manager);
});
afterEach(() => void vi.restoreAllMocks());

/** Runs one whole sweep. */
async function sweep(): Promise<void> {
  const sweeper = new ImageSweeper(database.repository(ImagesRepository), engine.images, new WorkerConfig());
  sweeper.onApplicationBootstrap();
  await sweeper.beforeApplicationShutdown();
}

/** Builds a real image with the labels of that owner. */
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
  readonly hookImageId?: string;
  /** Null when a registry has the image. */
  readonly nodeId?: string | null;
  /** When the change happened. */
  readonly minutesAgo?: number;
}

async function update(deploymentId: string, change: Change): Promise<void> {
  const { status, imageId, seedImageId, hookImageId, nodeId = 'another', minutesAgo = 60 } = change;
  const isOver = !['queued', 'building', 'deploying', 'live'].includes(status);
  await database.dataSource.query(
    `UPDATE deployments SET status = $2, image_id = $3, seed_image_id = $4, hook_image_id = $8,
       image_node_id = CASE WHEN $3::text IS NOT NULL THEN $5 END,
       failure_code = CASE WHEN $2 = 'failed' THEN 'builder_lost' END,
       built_at = CASE WHEN $3::text IS NOT NULL THEN now() - make_interval(mins => $6) END,
       finished_at = CASE WHEN $7 THEN now() - make_interval(mins => $6) END
     WHERE id = $1`,
    [deploymentId, status, imageId, seedImageId, nodeId, minutesAgo, isOver, hookImageId],
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

/** Creates a deployment of the project's one environment, and builds its image on this engine. */
async function aVersion(change: Change & { readonly hasImage?: boolean }): Promise<Version> {
  const { id, environmentId } = await createQueuedDeployment(database, { project, number: ++number });
  const owner = { projectId: project.id, environmentId, deploymentId: id };
  const imageId = await anImage(owner);
  await update(id, change.hasImage === false ? change : { imageId, ...change });
  return { owner, imageId };
}

const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
async function destroy({ environmentId }: TestOwner): Promise<void> {
  await run((transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST));
  await database.dataSource.query(
    `UPDATE environments SET status = 'destroyed', destroyed_at = now() WHERE id = $1`,
    [environmentId],
  );
}

const areThere = (...ids: string[]) => Promise.all(ids.map((id) => engine.images.exists(id)));
async function isMarkedRemoved({ owner }: Version): Promise<boolean> {
  const sql = 'SELECT 1 FROM deployments WHERE id = $1 AND image_removed_at IS NOT NULL';
  return (await database.rows(sql, [owner.deploymentId])).length === 1;
}

describe('ImageSweeper', () => {
  it('removes the image of an environment that was destroyed from another node', async () => {
    const { owner, imageId } = await aVersion({ status: 'live', minutesAgo: 0 });
    const said = vi.spyOn(Logger.prototype, 'log');
    await destroy(owner);
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
    expect(said).toHaveBeenCalledWith('removed 1 unused image(s)');
  });

  it('removes an image of a destroyed environment that its builder died before recording', async () => {
    const { owner, imageId } = await aVersion({ status: 'building', hasImage: false });
    await destroy(owner);
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
  });

  it('removes the untagged image of an aborted build', async () => {
    const { id, environmentId } = await createQueuedDeployment(database, { project, number: ++number });
    const owner = { projectId: project.id, environmentId, deploymentId: id };
    let asked = 0;
    const guard = () => (++asked === 2 ? Promise.reject(new Error('cancelled')) : Promise.resolve());
    const build = buildOf(`FROM scratch\nLABEL number=${randomUUID()}\n`, {
      labels: ownerLabels(INSTANCE, owner),
      guard,
    });
    await expect(engine.builder.build(build)).rejects.toThrow('cancelled');
    expect(await engine.images.list({ deploymentId: id })).toMatchObject([{ tags: [] }]);
    await update(id, { status: 'cancelled' });
    await sweep();
    expect(await engine.images.list({ deploymentId: id })).toEqual([]);
  });

  it.each(['failed', 'cancelled', 'superseded'])(
    'removes an image that was not recorded before its deployment was %s',
    async (status) => {
      const { imageId } = await aVersion({ status, hasImage: false });
      await sweep();
      expect(await areThere(imageId)).toEqual([false]);
    },
  );

  it('removes an image when its deployment has that of another builder', async () => {
    const live = await aVersion({ status: 'live' });
    const [stray = '', seed = '', hooks = ''] = await Promise.all([1, 2, 3].map(() => anImage(live.owner)));
    const images = { imageId: live.imageId, seedImageId: seed, hookImageId: hooks, status: 'live' };
    await update(live.owner.deploymentId, images);
    await sweep();
    expect(await areThere(stray, live.imageId, seed, hooks)).toEqual([false, true, true, true]);
  });

  it('removes an image whose removal was interrupted', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    await aVersion({ status: 'live' });
    await database.dataSource.query('UPDATE deployments SET image_removed_at = now() WHERE id = $1', [
      old.owner.deploymentId,
    ]);
    await sweep();
    expect(await areThere(old.imageId)).toEqual([false]);
  });

  it('removes the image of an unknown deployment', async () => {
    const { owner } = await aVersion({ status: 'live' });
    const imageId = await anImage({ ...owner, deploymentId: newId('deployment') });
    await sweep();
    expect(await areThere(imageId)).toEqual([false]);
  });

  it('removes an image when another one cannot be removed', async () => {
    const one = await aVersion({ status: 'cancelled', hasImage: false });
    const other = await aVersion({ status: 'cancelled', hasImage: false });
    vi.spyOn(engine.images, 'remove').mockRejectedValueOnce(new Error('busy'));
    await sweep();
    const there = await areThere(one.imageId, other.imageId);
    expect(there.sort()).toEqual([false, true]);
  });
});

describe('an old version that was built on a different node than its successor', () => {
  it('loses its image, while the version before the live one can still be rolled back to', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    const previous = await aVersion({ status: 'replaced', minutesAgo: 60 });
    const live = await aVersion({ status: 'live' });
    await sweep();
    expect(await areThere(old.imageId, previous.imageId, live.imageId)).toEqual([false, true, true]);
    const removed = await Promise.all([old, previous, live].map(isMarkedRemoved));
    expect(removed).toEqual([true, false, false]);
    const { environmentId } = live.owner;
    const back = await run((work) => rollBack(work, environmentId, previous.owner.deploymentId, API_ACTOR));
    expect(back).toEqual({ refused: null });
    await sweep();
    expect(await areThere(previous.imageId, live.imageId)).toEqual([true, true]);
  });

  it('keeps its image when a rollback to it starts during the sweep', async () => {
    const old = await aVersion({ status: 'replaced', minutesAgo: 90 });
    await aVersion({ status: 'replaced', minutesAgo: 60 });
    const { environmentId } = (await aVersion({ status: 'live' })).owner;
    const { unitOfWork } = database;
    vi.spyOn(unitOfWork, 'run').mockImplementationOnce(async (work) => {
      await run((transaction) => rollBack(transaction, environmentId, old.owner.deploymentId, API_ACTOR));
      return run(work);
    });
    await sweep();
    expect([await areThere(old.imageId), await isMarkedRemoved(old)]).toEqual([[true], false]);
  });

  it('loses only its local copy when a registry has its image', async () => {
    const reference = (name: string) => `registry/${name}@sha256:${'a'.repeat(64)}`;
    const kept = (name: string) => ({ nodeId: null, imageId: reference(name) });
    const old = await aVersion({ ...kept('old'), status: 'replaced', minutesAgo: 90 });
    const previous = await aVersion({ ...kept('previous'), status: 'replaced' });
    const live = await aVersion({ ...kept('live'), status: 'live' });
    await sweep();
    expect(await areThere(old.imageId, previous.imageId, live.imageId)).toEqual([false, true, true]);
    expect(await isMarkedRemoved(old)).toBe(false);
  });
});

describe('ImageSweeper, for images in use', () => {
  it.each([
    ['queued', false],
    ['building', false],
    ['deploying', true],
    ['live', true],
  ])('keeps the image of a %s deployment', async (status, hasImage) => {
    const { owner, imageId } = await aVersion({ status, hasImage });
    if (!hasImage) await destroy(owner);
    await update(owner.deploymentId, { status, ...(hasImage && { imageId }) });
    await sweep();
    expect(await areThere(imageId)).toEqual([true]);
  });

  it('keeps an image that is recorded after the engine listed it', async () => {
    const { owner, imageId } = await aVersion({ status: 'building', hasImage: false });
    const list = engine.images.list.bind(engine.images);
    vi.spyOn(engine.images, 'list').mockImplementationOnce(async (of) => {
      const here = await list(of);
      await update(owner.deploymentId, { status: 'deploying', imageId });
      return here;
    });
    await sweep();
    expect(await areThere(imageId)).toEqual([true]);
  });

  it.each(['cancelled', 'replaced'])('keeps images of a deployment that was just %s', async (status) => {
    const hasImage = status === 'replaced';
    const { owner, imageId } = await aVersion({ status, hasImage, minutesAgo: 1 });
    await aVersion({ status: 'replaced', minutesAgo: 0 });
    await aVersion({ status: 'live', minutesAgo: 0 });
    const stray = await anImage(owner);
    await sweep();
    expect(await areThere(imageId, stray)).toEqual([true, true]);
  });

  it('keeps an image while a container uses it, and removes it afterwards', async () => {
    const { owner, imageId } = await aVersion({ status: 'live' });
    await destroy(owner);
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

  it('keeps images of other installations and of unknown projects', async () => {
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
