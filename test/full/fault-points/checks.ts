import { type components } from '@nexos/client';
import { expect } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { NO_RESOURCES } from '../../support/nexos/deploying-installation.js';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { visit } from '../../support/nexos/visit.js';
import type { Subject } from './subject.js';

type Details = components['schemas']['EnvironmentDetailsResponse'];

/** Expects a running environment to be as its user left it: nothing lost, duplicated or left behind. */
export async function expectIntact(nexos: NexosStack, subject: Subject): Promise<void> {
  await subject.untilSettled('running');
  const { id, database, backups } = subject;
  expect(await visit(subject.environment.url)).toMatchObject({ status: 200, body: subject.version });
  expect(await subject.sql('SELECT name FROM hooks ORDER BY id')).toEqual(database.hooks);
  expect(await subject.sql('SELECT text FROM seeded')).toEqual(['from the dump']);
  if (database.note !== '') {
    expect(await subject.sql('SELECT text FROM notes')).toEqual([database.note]);
    expect(await subject.ask({ redis: ['GET', 'note'] })).toBe('kept');
  }
  const generations = await nexos.column<number>(
    'SELECT generation FROM database_backups WHERE environment_id = $1 ORDER BY generation',
    [id],
  );
  expect(generations).toHaveLength(backups.length);
  expect(await subject.sql(databasesOf(id))).toEqual([id, ...generations.map((n) => `${id}_${n}`)].sort());
  await expectServices(nexos, subject);
  if (subject.hasSeveral) await expectAllThree(nexos, subject);
  // Two versions, each with its seed image.
  expect((await nexos.engineResources(`dev.nexos.environment=${id}`)).images.length).toBeLessThanOrEqual(4);
  const statuses = await nexos.column<string>('SELECT status FROM deployments WHERE environment_id = $1', [
    id,
  ]);
  const unfinished = ['queued', 'building', 'deploying', 'live'];
  expect(statuses.filter((status) => unfinished.includes(status))).toEqual(['live']);
}

export async function expectPaused(nexos: NexosStack, subject: Subject): Promise<void> {
  await subject.untilSettled('paused');
  expect(await visit(subject.environment.url)).toMatchObject({ status: 503 });
  await eventually('every container of the project to be gone', async () => {
    const containers = await nexos.containers(`dev.nexos.project=${subject.project.id}`);
    return containers.length === 0 ? true : undefined;
  });
  await expectServices(nexos, subject);
}

/** Expects an environment whose version did not start: nothing of it runs, and its users see why. */
export async function expectFailed(nexos: NexosStack, subject: Subject, code: string): Promise<void> {
  await subject.untilSettled('failed');
  const { id, environment } = subject;
  expect(await nexos.api.get<Environment>(`/environments/${id}`)).toMatchObject({
    status: 'failed',
    last_error: { code },
  });
  expect(await visit(environment.url)).toMatchObject({ status: 503 });
  expect(await nexos.containers(`dev.nexos.environment=${id}`)).toEqual([]);
  await expectServices(nexos, subject);
}

/** Expects nothing to be left of an environment, and another one that shares all of its services to be intact. */
export async function expectGone(nexos: NexosStack, gone: Subject, sibling: Subject): Promise<void> {
  await expectDestroyed(nexos, gone);
  await expectIntact(nexos, sibling);
  expect(await sibling.sql(databasesOf(gone.id))).toEqual([]);
  expect(await sibling.sql(`SELECT rolname FROM pg_roles WHERE rolname = '${gone.id}'`)).toEqual([]);
  const [redis = ''] = await nexos.services(`dev.nexos.service=redis`);
  const users = await nexos.execInService(redis, ['cat', '/data/users.acl']);
  expect(users).toContain(sibling.id);
  expect(users).not.toContain(gone.id);
  const keyspace = String(await sibling.ask({ redis: ['INFO', 'keyspace'] }));
  expect(keyspace.match(/^db\d+:/gm)).toHaveLength(1);
}

/** Expects nothing to be left of a project's only environment, nor of the project's own resources. */
export async function expectAllGone(nexos: NexosStack, gone: Subject): Promise<void> {
  await expectDestroyed(nexos, gone);
  expect(await nexos.engineResources(`dev.nexos.project=${gone.project.id}`)).toEqual(NO_RESOURCES);
  const services = 'SELECT kind FROM project_services WHERE project_id = $1';
  expect(await nexos.column(services, [gone.project.id])).toEqual([]);
}

async function expectDestroyed(nexos: NexosStack, { id, environment }: Subject): Promise<void> {
  await eventually(`${id} to be destroyed`, async () => {
    const [status] = await nexos.column('SELECT status FROM environments WHERE id = $1', [id]);
    return status === 'destroyed' ? true : undefined;
  });
  expect(await visit(environment.url)).toMatchObject({ status: 404 });
  expect(await nexos.engineResources(`dev.nexos.environment=${id}`)).toEqual(NO_RESOURCES);
  for (const table of ['environment_services', 'database_backups']) {
    expect(await nexos.column(`SELECT 1 FROM ${table} WHERE environment_id = $1`, [id]), table).toEqual([]);
  }
}

/** Expects every container of the version to run once, and each public one to serve it. */
async function expectAllThree(nexos: NexosStack, { id, version }: Subject): Promise<void> {
  const { containers } = await nexos.api.get<Details>(`/environments/${id}`);
  for (const { name, url } of containers) {
    if (url !== null) expect(await visit(url), name).toMatchObject({ status: 200, body: version });
  }
  await eventually('each container to run once', async () => {
    const running = await nexos.containers(`dev.nexos.environment=${id}`);
    return running.length === containers.length || undefined;
  });
  expect(containers.map(({ name }) => name)).toEqual(['app', 'worker', 'api']);
}

/** Expects one service for each container of the environment, and no one-off job. */
async function expectServices(nexos: NexosStack, { id, hasSeveral }: Subject): Promise<void> {
  expect(await nexos.services(`dev.nexos.environment=${id}`)).toHaveLength(hasSeveral ? 3 : 1);
  expect(await nexos.services('dev.nexos.job')).toEqual([]);
}

function databasesOf(id: string): string {
  return `SELECT datname FROM pg_database WHERE starts_with(datname, '${id}') ORDER BY datname`;
}
