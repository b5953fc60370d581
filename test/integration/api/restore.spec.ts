import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseBackup, Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Creates a running environment with its third database, and backups of the two before. */
async function environmentWithBackups(): Promise<string> {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const { id } = await nexos.api.waitForEnvironment(projectId);
  await nexos.database.query(
    `UPDATE environments SET status = 'running', database_generation = 3, observed_database_generation = 3
     WHERE id = $1`,
    [id],
  );
  await nexos.database.query(
    `INSERT INTO database_backups (environment_id, generation, expires_at)
     VALUES ($1, 1, now() + interval '1 day'), ($1, 2, now() + interval '2 days')`,
    [id],
  );
  return id;
}
const restore = (id: string, body?: unknown) =>
  nexos.api.request('POST', `/environments/${id}/restore`, body);
const restoring = (id: string) =>
  nexos.column<number>('SELECT restored_generation FROM environments WHERE id = $1', [id]);

describe('restoring a database', () => {
  it('restores the latest backup, idempotently', async () => {
    const id = await environmentWithBackups();
    for (let time = 0; time < 2; time++) {
      const response = await restore(id);
      expect(response.status).toBe(202);
      expect((await response.json()) as Environment).toMatchObject({ id, status: 'resetting' });
    }
    expect(await restoring(id)).toEqual([2]);
    expect(await nexos.column('SELECT database_generation FROM environments WHERE id = $1', [id])).toEqual([
      4,
    ]);
  });

  it('restores the named backup, and accepts no other request meanwhile', async () => {
    const id = await environmentWithBackups();
    expect((await restore(id, { generation: 1 })).status).toBe(202);
    expect(await restoring(id)).toEqual([1]);
    for (const response of [
      await restore(id),
      await nexos.api.request('POST', `/environments/${id}/reset`),
    ]) {
      expect(response.status).toBe(409);
    }
    expect(await restoring(id)).toEqual([1]);
  });

  it.each([
    ['does not exist', `DELETE FROM database_backups WHERE environment_id = $1 AND generation = 1`],
    ['has expired', `UPDATE database_backups SET expires_at = now() WHERE environment_id = $1`],
  ])('is a 409 with the reason when the backup %s', async (_, sql) => {
    const id = await environmentWithBackups();
    await nexos.database.query(sql, [id]);
    const response = await restore(id, { generation: 1 });
    expect(response.status).toBe(409);
    expect((await problemOf(response)).detail).toContain('seven days');
    expect(await restoring(id)).toEqual([null]);
  });

  it.each([
    { generation: 0 },
    { generation: 1.5 },
    { generation: '1' },
    { generation: null },
    { generation: 2 ** 31 },
    { other: 1 },
  ])('rejects %j and names the field', async (body) => {
    const id = await environmentWithBackups();
    const response = await restore(id, body);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toMatchObject([{ field: Object.keys(body)[0] }]);
  });

  it('lists the backups that have not expired, newest first', async () => {
    const id = await environmentWithBackups();
    const list = () => nexos.api.get<DatabaseBackup[]>(`/environments/${id}/database-backups`);
    expect((await list()).map(({ generation }) => generation)).toEqual([2, 1]);
    await nexos.database.query('UPDATE database_backups SET expires_at = now() WHERE generation = 2', []);
    expect((await list()).map(({ generation }) => generation)).toEqual([1]);
  });
});
