import { NodesRepository } from '@nexos/state';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

const seen = (swarmId: string) => ({
  swarmId,
  hostname: swarmId,
  role: 'worker' as const,
  state: 'ready',
  availability: 'active',
  address: '',
  cpus: 1,
  memoryMb: 1,
  engineVersion: '29',
  isLeader: false,
  joinedAt: new Date(),
});

it('records nodes in a fixed order so that two workers never deadlock', async () => {
  const nodes = database.repository(NodesRepository);
  await nodes.record([seen('a'), seen('b')]);
  const lock = `SELECT 1 FROM nodes WHERE swarm_id = $1 FOR UPDATE`;
  const recording = await database.dataSource.transaction(async (holder) => {
    await holder.query(lock, ['a']);
    const second = nodes.record([seen('b'), seen('a')]);
    await eventually('the second one to wait', async () => {
      const waiting = await database.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    expect(await holder.query<unknown[]>(`${lock} NOWAIT`, ['b'])).toHaveLength(1);
    return { second };
  });
  await recording.second;
});

it('records one line when several workers see a node join, or come back, at once', async () => {
  const nodes = database.repository(NodesRepository);
  const joins = async () =>
    (
      await database.rows(
        `SELECT 1 FROM audit_log WHERE action = 'node.join' AND after->>'hostname' = 'once'`,
      )
    ).length;
  await Promise.all([1, 2, 3].map(() => nodes.record([seen('once')])));
  expect(await joins()).toBe(1);
  await nodes.record([]);
  await Promise.all([1, 2, 3].map(() => nodes.record([seen('once')])));
  expect(await joins()).toBe(2);
});
