import { UnitOfWork } from '@nexos/database';
import { NodeRemovalsRepository, ProjectServicesRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';
import { MANAGER, RemovableWorker, WORKER } from './removable-worker.js';

const REDIS = { services: { redis: {} } };
let swarm: RemovableWorker;
let nexos: LifecycleInMemory;
beforeAll(async () => {
  swarm = await RemovableWorker.start(inject('system'));
  ({ nexos } = swarm);
});
beforeEach(() => swarm.reset());
afterAll(() => nexos.stop());

describe('data that exists only on the node', () => {
  /** Deploys a version with a Redis whose data is on the worker. */
  const withRedis = async () => {
    const app = await swarm.deployed(REDIS);
    await nexos.database.dataSource.query('UPDATE project_services SET node_id = $1', [WORKER]);
    return app;
  };

  it('is named instead of removed, unless the removal is forced', async () => {
    const app = await withRedis();
    expect(await swarm.request()).toMatchObject({
      isRequested: false,
      projectCount: 1,
      projects: [{ services: ['redis'] }],
    });
    expect((await swarm.node()).removalRequestedAt).toBeNull();
    expect(await swarm.request(true)).toMatchObject({ isRequested: true, projectCount: 1 });
    await swarm.remove(app);
    expect((await swarm.node()).removedAt).not.toBeNull();
  });

  it('keeps the node when its removal was requested without a check, and says why', async () => {
    await withRedis();
    await nexos.database.dataSource.query(
      'UPDATE nodes SET removal_requested_at = now() WHERE swarm_id = $1',
      [WORKER],
    );
    for (let turn = 0; turn < 3; turn++) await nexos.observeNodes();
    expect(swarm.nodeChanges()).toEqual(['pause node-2']);
    expect(await swarm.reasons()).toContain('The data of its services (redis) is on this node.');
  });

  it('shows as an error of each environment once it is lost, until the environment is destroyed', async () => {
    const app = await withRedis();
    await swarm.request(true);
    await swarm.remove(app);
    const jobs = await nexos.database.rows(
      `SELECT 1 FROM outbox WHERE payload->>'environmentId' = $1 AND payload ? 'environmentId'`,
      [app.environmentId],
    );
    expect(jobs).not.toEqual([]);
    await nexos.reconcile(app);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: 'service_not_ready' });
    await nexos.act(app.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.environment(app)).toMatchObject({ status: 'destroyed', error: null });
  });

  it('is not made on a node that is being removed', async () => {
    nexos.engine.nodeId = WORKER;
    await swarm.request();
    const failed = await nexos.deploy(await nexos.project(), REDIS);
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toContain('is being removed and takes no new work');
  });

  it('is seen by the check when it is placed at the same moment', async () => {
    const { unitOfWork } = nexos.database;
    const { id: projectId } = await nexos.project();
    const rows = nexos.database.repository(ProjectServicesRepository);
    await rows.insertIfMissing({ projectId, kind: 'redis' }, 'sealed');
    // Its own unit of work, so that it does not join the transaction.
    const other = new NodeRemovalsRepository(new UnitOfWork(nexos.database.dataSource));
    let checking: ReturnType<typeof swarm.request> | undefined;
    await unitOfWork.run(async () => {
      const place = { nodeId: WORKER, version: null, imageId: 'sha256:1', memoryMb: 64 };
      expect(await rows.place({ projectId, kind: 'redis' }, place)).toMatchObject({ nodeId: WORKER });
      checking = other.request((await swarm.node()).id, false);
    });
    expect(await checking).toMatchObject({ isRequested: false, projects: [{ id: projectId }] });
  });
});

describe('an image that exists only on the node', () => {
  it('is named with its environment, whether it is live or could be rolled back to', async () => {
    const project = await nexos.project();
    const first = await nexos.deploy(project, { imageNodeId: WORKER });
    expect(await swarm.request()).toMatchObject({
      isRequested: false,
      environments: [{ id: first.environmentId, branch: 'main', projectId: project.id }],
    });
    await nexos.deploy(project, { imageNodeId: MANAGER });
    expect(await swarm.request()).toMatchObject({ isRequested: false, environmentCount: 1 });
    await nexos.act(first.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await swarm.request()).toMatchObject({ isRequested: true, environmentCount: 0 });
  });

  it('is not started once a removal is forced, and the error says so until a new version is live', async () => {
    const project = await nexos.project();
    const app = await nexos.deploy(project, { imageNodeId: WORKER });
    const other = await nexos.built(project, { branch: 'other', imageNodeId: WORKER });
    await swarm.request(true);
    await nexos.reconcile(other);
    expect(await nexos.deployment(other)).toMatchObject({ status: 'failed', code: 'image_missing' });
    await swarm.remove(app);
    await nexos.reconcile(app);
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: 'image_missing' });
    await nexos.deploy(project, { imageNodeId: MANAGER });
    expect(await nexos.environment(app)).toMatchObject({ status: 'running', error: null });
  });
});
