import { type ContainerRun } from '@nexos/contracts';
import { describe, expect, it } from 'vitest';
import { ReportQueue } from './report-queue.js';

const run = (id: string, address: string | null = null): ContainerRun => ({
  ...{
    id,
    deploymentId: 'dep_1',
    container: 'app',
    name: id,
    address,
    startedAt: '2026-11-29T10:00:00Z',
    listeners: null,
    outOfMemoryAt: null,
    end: null,
  },
});
const listed = { at: '2026-11-29T10:00:00Z', ids: [] };

describe('ReportQueue', () => {
  it('keeps the newest facts of each container until they are received', () => {
    const queue = new ReportQueue();
    queue.add(run('a'));
    queue.add(run('a', '10.0.0.1'));
    const part = queue.next();
    expect(part.containers).toEqual([run('a', '10.0.0.1')]);
    expect(queue.next()).toEqual(part);
    queue.remove(part);
    expect(queue.isEmpty).toBe(true);
  });

  it('keeps what changed while a part was on its way', () => {
    const queue = new ReportQueue();
    queue.add(run('a'));
    const part = queue.next();
    queue.add(run('a', '10.0.0.1'));
    queue.remove(part);
    expect(queue.next().containers).toEqual([run('a', '10.0.0.1')]);
  });

  it('sends a listing with the last of the containers that were reported before it', () => {
    const queue = new ReportQueue();
    for (let i = 0; i < 60; i++) queue.add(run(String(i)));
    queue.addListing(listed);
    const first = queue.next();
    expect([first.containers.length, first.listed]).toEqual([50, null]);
    queue.remove(first);
    const last = queue.next();
    expect([last.containers.length, last.listed]).toEqual([10, listed]);
    queue.remove(last);
    expect(queue.isEmpty).toBe(true);
  });

  it('drops the oldest above its limit, and says once that it did', () => {
    const queue = new ReportQueue(2);
    for (const id of ['a', 'b', 'c']) queue.add(run(id));
    expect(queue.next().containers.map(({ id }) => id)).toEqual(['b', 'c']);
    expect([queue.takeDropped(), queue.takeDropped()]).toEqual([true, false]);
  });
});
