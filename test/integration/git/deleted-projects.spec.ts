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
import { insertProject } from '../../support/rows.js';
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

/** Inserts a project and creates its mirror on disk. */
async function insertMirroredProject(status: ProjectStatus): Promise<string> {
  const projectId = await projectWithStatus(status);
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

describe('MirrorSweeper', () => {
  it('removes the mirror of a deleted project and no other', async () => {
    const [active, deleting, gone] = [
      await insertMirroredProject('active'),
      await insertMirroredProject('deleting'),
      await insertMirroredProject('deleted'),
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

  it('removes a mirror when its project is deleted while the builder runs', async () => {
    const [kept, id] = [await insertMirroredProject('active'), await insertMirroredProject('active')];
    sweeper.onApplicationBootstrap();
    await setStatus(id, 'deleted');
    await eventuallyOnDisk([kept]);
  });

  it('skips a mirror while a build holds its lock, and removes it afterwards', async () => {
    const [busy, idle] = [await insertMirroredProject('deleted'), await insertMirroredProject('deleted')];
    const release = await lockFile(join(fixture.mirrorDir, `${busy}.flock`));
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([busy]);
    expect(existsSync(join(fixture.mirrorDir, `${busy}.git`, 'HEAD'))).toBe(true);
    expect(existsSync(join(fixture.mirrorDir, `${idle}.git`))).toBe(false);
    await release();
    await eventuallyOnDisk([]);
  });

  it('completes a removal that a dead builder left half done, or done except for the lock file', async () => {
    const [half, lock] = [await projectWithStatus('deleted'), await projectWithStatus('deleted')];
    await mkdir(join(fixture.mirrorDir, `${half}.git`, 'objects'), { recursive: true });
    await writeFile(join(fixture.mirrorDir, `${lock}.flock`), '');
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([]);
  });

  it('removes a mirror again after a late build has fetched into it', async () => {
    const id = await insertMirroredProject('deleted');
    sweeper.onApplicationBootstrap();
    await eventuallyOnDisk([]);
    const sha = await fixture.pushed({ 'a.txt': 'too late' });
    await fixture.mirror().fetchCommit(fixture.request(sha, { projectId: id }));
    await eventuallyOnDisk([]);
  });
});

/** Inserts a project without a mirror. */
async function projectWithStatus(status: ProjectStatus): Promise<string> {
  const { id } = await insertProject(database.dataSource.manager);
  await setStatus(id, status);
  return id;
}

async function setStatus(id: string, status: ProjectStatus): Promise<void> {
  await database.dataSource.query(
    `UPDATE projects SET status = $2, deleted_at = CASE WHEN $2 = 'deleted' THEN now() END WHERE id = $1`,
    [id, status],
  );
}
