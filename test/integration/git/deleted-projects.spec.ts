import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkerConfig } from '@nexos/config';
import { type ProjectStatus } from '@nexos/database';
import { ProjectsRepository } from '@nexos/state';
import { newId } from '@nexos/domain';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MirrorSweeper } from '../../../apps/builder/src/cache/mirror-sweeper.js';
import { lockFile } from '../../../libs/git/src/mirror-lock.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { aProject } from '../../support/rows.js';
import { MirrorFixture } from './mirror-fixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let fixture: MirrorFixture;
let sweeper: MirrorSweeper;
beforeEach(async () => {
  fixture = await MirrorFixture.create();
  const worker = Object.assign(new WorkerConfig(), { sweepMs: 200 });
  sweeper = new MirrorSweeper(database.repository(ProjectsRepository), fixture.mirror(), worker);
});
afterEach(async () => {
  await sweeper.beforeApplicationShutdown();
  await fixture.remove();
});

/** A project in the database, with a mirror on disk. */
async function mirrored(status: ProjectStatus): Promise<string> {
  const projectId = await aRow(status);
  const sha = await fixture.pushed({ 'a.txt': projectId });
  await fixture.mirror().fetchCommit(fixture.request(sha, { projectId }));
  return projectId;
}
const onDisk = async () => (await readdir(fixture.mirrorDir)).sort();
const filesOf = (ids: readonly string[]) => ids.flatMap((id) => [`${id}.flock`, `${id}.git`]).sort();
const eventuallyOnDisk = (ids: readonly string[]) =>
  eventually(
    `only the mirrors of ${ids.join(', ')}`,
    async () => (String(await onDisk()) === String(filesOf(ids)) ? true : undefined),
    { deadlineMs: 10_000 },
  );

describe('the mirror of a project', () => {
  it('is removed once the project is deleted, and no other one is', async () => {
    const [active, deleting, gone] = [
      await mirrored('active'),
      await mirrored('deleting'),
      await mirrored('deleted'),
    ];
    const unknown = 'proj_of_another_database';
    await mkdir(join(fixture.mirrorDir, unknown));
    const stranger = newId('project');
    await mkdir(join(fixture.mirrorDir, `${stranger}.git`));
    sweeper.onApplicationBootstrap();
    await eventually('the mirror to be gone', async () =>
      (await onDisk()).includes(`${gone}.git`) ? undefined : true,
    );
    await sweeper.beforeApplicationShutdown();
    expect(await onDisk()).toEqual([...filesOf([active, deleting]), `${stranger}.git`, unknown].sort());
  });

  it('is removed while the builder runs, as soon as its project is deleted', async () => {
    const [kept, id] = [await mirrored('active'), await mirrored('active')];
    sweeper.onApplicationBootstrap();
    await setStatus(id, 'deleted');
    await eventuallyOnDisk([kept]);
  });

  it('is left alone while a build works on it, and removed afterwards', async () => {
    const [busy, idle] = [await mirrored('deleted'), await mirrored('deleted')];
    const release = await lockFile(join(fixture.mirrorDir, `${busy}.flock`));
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([busy]);
    expect(existsSync(join(fixture.mirrorDir, `${busy}.git`, 'HEAD'))).toBe(true);
    expect(existsSync(join(fixture.mirrorDir, `${idle}.git`))).toBe(false);
    await release();
    await eventuallyOnDisk([]);
  });

  it('is removed though a builder died when half of it was gone, or all but its lock', async () => {
    const [half, lock] = [await aRow('deleted'), await aRow('deleted')];
    await mkdir(join(fixture.mirrorDir, `${half}.git`, 'objects'), { recursive: true });
    await writeFile(join(fixture.mirrorDir, `${lock}.flock`), '');
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([]);
  });

  it('is removed again when a build that came too late has fetched once more', async () => {
    const id = await mirrored('deleted');
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([]);
    const sha = await fixture.pushed({ 'a.txt': 'too late' });
    await fixture.mirror().fetchCommit(fixture.request(sha, { projectId: id }));
    await eventuallyOnDisk([]);
  });
});

/** A project that is nothing but a row. */
async function aRow(status: ProjectStatus): Promise<string> {
  const { id } = await aProject(database.dataSource.manager);
  await setStatus(id, status);
  return id;
}

async function setStatus(id: string, status: ProjectStatus): Promise<void> {
  await database.dataSource.query(
    `UPDATE projects SET status = $2, deleted_at = CASE WHEN $2 = 'deleted' THEN now() END WHERE id = $1`,
    [id, status],
  );
}
