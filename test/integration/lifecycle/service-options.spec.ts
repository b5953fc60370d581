import { ServiceStorageRepository } from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { LifecycleInMemory } from '../../support/in-memory-engine/lifecycle-in-memory.js';

const MIB = 1024 * 1024;
const IMAGES = { SERVICE_REDIS_IMAGE: 'redis:7-bookworm', SERVICE_REDIS_IMAGES: '6=redis:6-bookworm' };

let nexos: LifecycleInMemory;
beforeAll(async () => {
  nexos = await LifecycleInMemory.start(inject('system'), IMAGES);
});
beforeEach(() => nexos.engine.reset());
afterAll(() => nexos.stop());

const redis = (options: object) => ({ services: { redis: options } });
const serviceOf = ({ id }: { id: string }) =>
  [...nexos.engine.shared.values()].find(({ spec }) => spec.projectId === id);
const imageOf = (project: { id: string }) => serviceOf(project)?.spec.image;
const replicasOf = (project: { id: string }) => serviceOf(project)?.replicas;
const setVersion = ({ id }: { id: string }, version: string | null) =>
  nexos.database.dataSource.query('UPDATE project_services SET version = $2 WHERE project_id = $1', [
    id,
    version,
  ]);
async function versionOf({ id }: { id: string }) {
  const [row] = await nexos.database.rows<{ version: string | null }>(
    'SELECT version FROM project_services WHERE project_id = $1',
    [id],
  );
  return row?.version;
}

describe('the version of a service', () => {
  it('chooses the image of the operator, or the default one', async () => {
    const [old, usual] = [await nexos.project(), await nexos.project()];
    expect(await nexos.deploy(old, redis({ version: '6' }))).toMatchObject({ status: 'live' });
    expect(await nexos.deploy(usual, redis({}))).toMatchObject({ status: 'live' });
    expect([imageOf(old), imageOf(usual)]).toEqual(['sha256:redis:6-bookworm', 'sha256:redis:7-bookworm']);
  });

  it('cannot change while the project has data, but may be left out', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, redis({ version: '6' }));
    const failed = await nexos.deploy(project, { ...redis({ version: '7' }), branch: 'other' });
    expect(failed).toMatchObject({ status: 'failed', code: 'service_not_ready' });
    expect(failed.message).toMatch(
      /^services\.redis\.version must stay as it is: the project's Redis has data of version 6, .*destroy all environments/,
    );
    expect(await nexos.deploy(project, { ...redis({}), branch: 'other' })).toMatchObject({ status: 'live' });
    expect(imageOf(project)).toBe('sha256:redis:6-bookworm');
    expect(await nexos.environment(main)).toMatchObject({ status: 'running', live: main.id });
  });

  it('can change after all environments are destroyed', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, redis({ version: '6' }));
    await nexos.act(main.environmentId, `desired_state = 'destroyed', status = 'destroying'`);
    expect(await nexos.deploy(project, redis({ version: '7' }))).toMatchObject({ status: 'live' });
    expect(imageOf(project)).toBe('sha256:redis:7-bookworm');
  });

  it('is that of the image it was started with for a service of an earlier release, and is then recorded', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, redis({ version: '6' }));
    await setVersion(project, null);
    expect(await nexos.deploy(project, redis({ version: '6' }))).toMatchObject({ status: 'live' });
    expect(await versionOf(project)).toBe('6');
    const failed = await nexos.deploy(project, redis({ version: '7' }));
    expect(failed).toMatchObject({ code: 'service_not_ready' });
    expect(failed.message).toContain('has data of version 6');
    expect(imageOf(project)).toBe('sha256:redis:6-bookworm');
  });

  it.each([
    ['no longer has a tag', []],
    ['has a tag without a version', ['redis:latest']],
    ['has tags of several versions', ['redis:6-bookworm', 'redis:6.2']],
  ])('is unknown, and anything goes, when that image %s', async (_, tags) => {
    const project = await nexos.project();
    await nexos.deploy(project, redis({ version: '6' }));
    await setVersion(project, null);
    nexos.engine.imageTags.set('sha256:redis:6-bookworm', tags);
    expect(await nexos.deploy(project, redis({ version: '7' }))).toMatchObject({ status: 'live' });
    expect([await versionOf(project), imageOf(project)]).toEqual([null, 'sha256:redis:6-bookworm']);
    nexos.engine.imageTags.clear();
  });

  it.each(['6', null])(
    'does not prevent a resume of a live version that asks for another: data of %s',
    async (data) => {
      const project = await nexos.project();
      nexos.engine.imageTags.set('sha256:redis:7-bookworm', ['redis:6-bookworm']);
      const main = await nexos.deploy(project, redis({ version: '7' }));
      await setVersion(project, data);
      await nexos.act(main.environmentId, `desired_state = 'paused'`);
      expect(await nexos.environment(main)).toMatchObject({ status: 'paused' });
      expect(replicasOf(project)).toBe(0);
      await nexos.act(main.environmentId, `desired_state = 'running'`);
      expect(await nexos.environment(main)).toMatchObject({ status: 'running', failure: null });
      expect([replicasOf(project), imageOf(project)]).toEqual([1, 'sha256:redis:7-bookworm']);
      expect(await versionOf(project)).toBe('6');
      nexos.engine.imageTags.clear();
    },
  );

  it('that the data has stays possible when the operator no longer offers it', async () => {
    const project = await nexos.project();
    await nexos.deploy(project, redis({}));
    await setVersion(project, '7.2');
    expect(await nexos.deploy(project, redis({ version: '7.2' }))).toMatchObject({ status: 'live' });
  });

  it('fails a deployment when the operator no longer offers it', async () => {
    const failed = await nexos.deploy(await nexos.project(), redis({ version: '5' }));
    expect(failed).toMatchObject({ code: 'service_not_ready' });
    expect(failed.message).toContain('no longer offers Redis 5');
  });
});

describe('the expected storage of a service', () => {
  const levels = async (environment: { environmentId: string }) =>
    (await nexos.eventsOf(environment, 'storage')).map(({ to }) => to);
  const checkWith = async (mib: number) => {
    nexos.engine.volumeBytes = mib * MIB;
    await nexos.checkStorage();
  };

  it('is not measured while no live version names one', async () => {
    const before = nexos.engine.measurements;
    await nexos.deploy(await nexos.project(), redis({}));
    await checkWith(10_000);
    expect(nexos.engine.measurements).toBe(before);
  });

  it('is compared to the usage, with an event at 80 % and at 100 %, and when it falls', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, redis({ storage_mb: 100 }));
    const other = await nexos.deploy(project, { ...redis({ storage_mb: 1000 }), branch: 'other' });
    await checkWith(79);
    expect(await levels(main)).toEqual([]);
    await checkWith(80);
    await checkWith(81);
    expect(await levels(main)).toEqual(['nearly_full']);
    await checkWith(100);
    await checkWith(500);
    expect(await levels(main)).toEqual(['nearly_full', 'full']);
    await checkWith(50);
    expect(await levels(main)).toEqual(['nearly_full', 'full', 'ok']);
    expect(await levels(other)).toEqual([]);
    const [event] = await nexos.database.rows<{ data: object }>(
      `SELECT data FROM environment_events WHERE environment_id = $1 AND type = 'storage' ORDER BY seq LIMIT 1`,
      [main.environmentId],
    );
    expect(event?.data).toEqual({
      from: 'ok',
      to: 'nearly_full',
      service: 'redis',
      used_mb: 80,
      storage_mb: 100,
    });
    const storage = await nexos.database
      .repository(ServiceStorageRepository)
      .ofEnvironment(main.environmentId);
    expect(storage).toMatchObject([{ kind: 'redis', usedMb: 50, limitMb: 100, level: 'ok' }]);
  });

  it('ends with the version that named it', async () => {
    const project = await nexos.project();
    const main = await nexos.deploy(project, redis({ storage_mb: 100 }));
    await checkWith(200);
    await nexos.deploy(project, redis({}));
    await checkWith(200);
    expect(await levels(main)).toEqual(['full', 'ok']);
  });

  it('is recorded once by two workers', async () => {
    const main = await nexos.deploy(await nexos.project(), redis({ storage_mb: 100 }));
    nexos.engine.volumeBytes = 90 * MIB;
    await Promise.all([nexos.checkStorage(), nexos.checkStorage()]);
    expect(await levels(main)).toEqual(['nearly_full']);
  });
});
