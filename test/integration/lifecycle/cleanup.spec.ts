import { type EnvironmentEntity, type Lease } from '@nexos/database';
import { EnvironmentsRepository, ImagesRepository } from '@nexos/state';
import {
  type BuiltImageFacts,
  type DeploymentServices,
  type ImageRemoval,
  type Images,
  type Owner,
} from '@nexos/engine';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Cleanup } from '../../../apps/lifecycle/src/reconcile/cleanup.js';
import { type LastOutput } from '../../../apps/lifecycle/src/runtime-logs/last-output.js';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment } from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const LEASE: Lease = { epoch: '1', signal: new AbortController().signal, guard: () => Promise.resolve() };
const contextOf = (environment: Partial<EnvironmentEntity>) => ({
  environment: environment as EnvironmentEntity,
  lease: LEASE,
  signal: LEASE.signal,
});

/** Uses the real database and a fake engine that has `images` and removes them with `remove`. */
function cleanupWith(
  images: readonly Partial<BuiltImageFacts>[],
  remove: (id: string) => Promise<ImageRemoval>,
  stopping: readonly string[] = [],
) {
  return new Cleanup(
    database.repository(EnvironmentsRepository),
    database.repository(ImagesRepository),
    {
      hasContainers: ({ deploymentId = '' }: Owner) => Promise.resolve(stopping.includes(deploymentId)),
    } as unknown as DeploymentServices,
    { listForEnvironment: () => Promise.resolve(images), remove } as unknown as Images,
    {} as unknown as LastOutput,
  );
}

/** Creates three versions of one environment, the last of which is live. */
async function threeVersions() {
  const project = await insertProject(database.dataSource.manager);
  const ids: string[] = [];
  let environmentId = '';
  for (let number = 1; number <= 3; number++) {
    const deployment = await createQueuedDeployment(database, { project, number });
    ({ environmentId } = deployment);
    ids.push(deployment.id);
    await database.dataSource.query(
      `UPDATE deployments SET status = $2, image_id = 'sha256:' || id, image_node_id = 'node', finished_at = now()
       WHERE id = $1`,
      [deployment.id, number === 3 ? 'live' : 'replaced'],
    );
  }
  const [environment] = await database.rows<{ generation: string }>(
    'SELECT generation FROM environments WHERE id = $1',
    [environmentId],
  );
  const { generation = '' } = environment ?? {};
  return {
    environmentId,
    generation,
    ids,
    images: ids.map((id) => ({ id: `sha256:${id}`, deploymentId: id })),
  };
}
const isMarkedRemoved = async (id: string | undefined) => {
  const sql = 'SELECT image_removed_at IS NOT NULL AS gone FROM deployments WHERE id = $1';
  return (await database.rows<{ gone: boolean }>(sql, [id])).at(0)?.gone;
};

describe('Cleanup', () => {
  it('marks an old image as removed in the database before asking the engine to remove it', async () => {
    const { environmentId, generation, ids, images } = await threeVersions();
    const asked: [string, boolean | undefined][] = [];
    const remove = async (id: string): Promise<ImageRemoval> => {
      asked.push([id, await isMarkedRemoved(ids[0])]);
      return 'removed';
    };
    await cleanupWith(images, remove).removeOldImages(contextOf({ id: environmentId, generation }));
    expect(asked).toEqual([[`sha256:${ids[0] ?? ''}`, true]]);
    expect([await isMarkedRemoved(ids[1]), await isMarkedRemoved(ids[2])]).toEqual([false, false]);
  });

  it('removes an image on the next cleanup when the worker died in between', async () => {
    const { environmentId, generation, ids, images } = await threeVersions();
    const dies = () => Promise.reject(new Error('killed'));
    await expect(
      cleanupWith(images, dies).removeOldImages(contextOf({ id: environmentId, generation })),
    ).rejects.toThrow('killed');
    expect(await isMarkedRemoved(ids[0])).toBe(true);
    const removed: string[] = [];
    const remove = (id: string): Promise<ImageRemoval> => {
      removed.push(id);
      return Promise.resolve('removed');
    };
    await cleanupWith(images, remove).removeOldImages(contextOf({ id: environmentId, generation }));
    expect(removed).toEqual([`sha256:${ids[0] ?? ''}`]);
  });

  it('retries the removal of an image until the engine has removed its stopped container', async () => {
    const { environmentId, generation, images } = await threeVersions();
    const answers: ImageRemoval[] = ['in-use', 'in-use', 'removed'];
    const remove = () => Promise.resolve(answers.shift() ?? 'missing');
    const context = contextOf({ id: environmentId, generation });
    expect(await cleanupWith(images, remove).removeOldImages(context)).toBe(true);
    expect(answers).toEqual([]);
  });

  it('leaves an image for later while its app is still stopping', async () => {
    const { environmentId, generation, images, ids } = await threeVersions();
    const removed: string[] = [];
    const remove = (id: string): Promise<ImageRemoval> => {
      removed.push(id);
      return Promise.resolve('removed');
    };
    const context = contextOf({ id: environmentId, generation });
    expect(await cleanupWith(images, remove, ids.slice(0, 1)).removeOldImages(context)).toBe(false);
    expect(removed).toEqual([]);
    expect(await cleanupWith(images, remove).removeOldImages(context)).toBe(true);
    expect(removed).toEqual([`sha256:${ids[0] ?? ''}`]);
  });

  it('does not wait for the containers of the live version', async () => {
    const { environmentId, generation, images, ids } = await threeVersions();
    const remove = () => Promise.resolve<ImageRemoval>('removed');
    const context = contextOf({ id: environmentId, generation });
    expect(await cleanupWith(images, remove, ids.slice(1)).removeOldImages(context)).toBe(true);
  });

  it('stops retrying a removal once the environment has a new generation', async () => {
    const { environmentId, generation, images } = await threeVersions();
    let asked = 0;
    const remove = async (): Promise<ImageRemoval> => {
      asked++;
      await database.rows('UPDATE environments SET generation = generation + 1 WHERE id = $1', [
        environmentId,
      ]);
      return 'in-use';
    };
    await cleanupWith(images, remove).removeOldImages(contextOf({ id: environmentId, generation }));
    expect(asked).toBe(1);
  });

  it('marks all images of a destroyed environment as removed before removing them', async () => {
    const { environmentId, ids, images } = await threeVersions();
    const marked: (boolean | undefined)[] = [];
    const remove = async (id: string): Promise<ImageRemoval> => {
      marked.push(await isMarkedRemoved(id.replace('sha256:', '')));
      return 'removed';
    };
    await cleanupWith(images, remove).removeAllImages(contextOf({ id: environmentId }));
    expect(marked).toEqual(ids.map(() => true));
  });
});
