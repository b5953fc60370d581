import {
  type ContainerEvent,
  type ListedContainer,
  type LocalContainer,
  LocalContainers,
} from '@nexos/engine';
import { beforeEach, expect, it, vi } from 'vitest';
import { type CommandProblems } from '../commands/command-problems.js';
import { ContainerTracker } from './container-tracker.js';

/** An engine whose containers end when told to. Reading a log takes until it is told to go on. */
class FakeContainers implements Pick<LocalContainers, 'list' | 'find' | 'tail'> {
  readonly ended = new Set<string>();
  listed: ListedContainer[] = [];
  /** Each has a reading of a log go on. */
  readonly reads: (() => void)[] = [];
  /** Called within a listing, after the engine has made its list. */
  afterList: () => Promise<void> = () => Promise.resolve();

  async list() {
    const listed = [...this.listed];
    await this.afterList();
    return listed;
  }

  find(id: string): Promise<LocalContainer> {
    const isRunning = !this.ended.has(id);
    return Promise.resolve({
      ...{ id, name: `dep-${id}.1.task`, joinsBridge: true, addresses: {}, pid: 1, isRunning },
      owner: {
        projectId: 'p',
        environmentId: 'e',
        deploymentId: id,
        container: 'app',
        service: null,
        job: null,
      },
      ...{ startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:01Z', exitCode: 1 },
      command: { argv: [], workingDir: '/', path: '', hasInit: true },
      ...{ isOutOfMemory: false, isUnhealthy: false },
    });
  }

  async tail() {
    await new Promise<void>((resolve) => this.reads.push(resolve));
    return [];
  }
}

let containers: FakeContainers;
let tracker: ContainerTracker;
let told: string[];
beforeEach(() => {
  containers = new FakeContainers();
  const commands: Pick<CommandProblems, 'find'> = { find: () => Promise.resolve(null) };
  tracker = new ContainerTracker(containers as unknown as LocalContainers, commands as CommandProblems);
  told = [];
  tracker.listen({
    changed: ({ id, end }) =>
      void told.push(`${id} ${end === null ? 'runs' : end.isStopped ? 'was stopped' : 'has ended'}`),
    ended: (id) => void told.push(`${id} ends`),
    removed: (id) => void told.push(`${id} is gone`),
    listed: (_at, running) => void told.push(`running: ${running.join(' ')}`),
  });
});

function handle(id: string, action: string, signal: string | null = null): Promise<void> {
  const event = { projectId: 'p', joinsBridge: true, nanoseconds: '1', isPast: false, signal };
  return tracker.handle({ ...event, id, action } satisfies ContainerEvent);
}
async function die(id: string): Promise<void> {
  containers.ended.add(id);
  await handle(id, 'die');
}
/** Ends the reading of the log of the container that ended as number `index`. One log is read at a time. */
async function endReading(index: number): Promise<void> {
  await vi.waitFor(() => expect(containers.reads).toHaveLength(index + 1), { timeout: 20_000 });
  containers.reads[index]?.();
}

it('tells the ends and starts of containers while it looks into why another one ended', async () => {
  for (const id of ['a', 'b']) await handle(id, 'start');
  told = [];
  const ends = [die('a'), die('b')];
  await handle('c', 'start');
  expect([...told].sort()).toEqual(['a ends', 'b ends', 'c runs']);
  await endReading(0);
  await ends[0];
  await endReading(1);
  await ends[1];
  expect(told.slice(3)).toEqual(['a has ended', 'b has ended']);
});

it.each([
  ['SIGTERM', ['15', '9'], 'a was stopped'],
  ['SIGWINCH, the STOPSIGNAL of its image', ['28'], 'a was stopped'],
  ['SIGKILL alone', ['9'], 'a has ended'],
])('tells a container that was stopped from one that ended: %s', async (_, signals, expected) => {
  await handle('a', 'start');
  for (const signal of signals) await handle('a', 'kill', signal);
  const end = die('a');
  await endReading(0);
  await end;
  expect(told.at(-1)).toBe(expected);
});

it('tells what happens to one container in the order in which it happened', async () => {
  await handle('a', 'start');
  const events = [die('a'), handle('a', 'destroy')];
  await endReading(0);
  await Promise.all(events);
  expect(told).toEqual(['a runs', 'a ends', 'a has ended', 'a is gone']);
});

it('keeps a container that starts while the others are listed, and drops those that are gone', async () => {
  await handle('a', 'start');
  await handle('b', 'start');
  told = [];
  containers.listed = [{ id: 'a', isRunning: true, addresses: {} }];
  containers.afterList = () => handle('c', 'start');
  await tracker.list();
  expect(told).toEqual(['c runs', 'a runs', 'b is gone', 'running: a c']);
});
