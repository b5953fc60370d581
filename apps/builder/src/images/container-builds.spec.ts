import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig } from '@nexos/config';
import { DeploymentFailure } from '@nexos/domain';
import { describe, expect, it, vi } from 'vitest';
import { BuildSlots } from '../builds/build-slots.js';
import type { BuildTask } from '../builds/build-task.js';
import { type ContainerBuild, ContainerBuilds } from './container-builds.js';

const cancel = new AbortController();
function taskWith(
  lines: string[],
  signal = new AbortController().signal,
  deployment = { id: 'one' },
): BuildTask {
  const log = {
    note: (text: string) => void lines.push(text),
    append: ({ text }: { text: string }) => void lines.push(text),
    redact: (text: string) => text,
  };
  return { deployment, log, signal, guard: () => Promise.resolve() } as unknown as BuildTask;
}
const buildsWith = (concurrency: number) =>
  new ContainerBuilds(new BuildSlots(Object.assign(new BuilderConfig(), { concurrency })));
const says = (container: string): ContainerBuild => ({
  container,
  run: ({ log }) => {
    log.note('built');
    log.append({ stream: 'stdout', text: 'a line' });
    return Promise.resolve();
  },
});
const fails = (container: string, error: Error): ContainerBuild => ({
  container,
  run: () => Promise.reject(error),
});
/** Runs until it is stopped. */
const endless = (container: string, ended: string[]): ContainerBuild => ({
  container,
  run: ({ signal }) =>
    wait(60_000, undefined, { signal }).catch((error: unknown) => {
      ended.push(container);
      throw error;
    }),
});
const FAILURE = new DeploymentFailure('build_step_failed', 'RUN make failed.');

describe('ContainerBuilds', () => {
  it('tags the lines of each container, unless the app is alone', async () => {
    const lines: string[] = [];
    await buildsWith(1).run(taskWith(lines), [says('app'), says('api')]);
    expect(lines).toEqual(['[app] built', '[app] a line', '[api] built', '[api] a line']);
    const alone: string[] = [];
    await buildsWith(1).run(taskWith(alone), [says('app')]);
    expect(alone).toEqual(['built', 'a line']);
  });

  it.each([1, 2, 5])('builds at most as many images at once as it has slots: %i', async (slots) => {
    let [running, most] = [0, 0];
    const build = (container: string): ContainerBuild => ({
      container,
      run: async () => {
        most = Math.max(most, ++running);
        await wait(5);
        running--;
      },
    });
    const builds = buildsWith(slots);
    // Those of several deployments share the slots.
    await Promise.all([1, 2].map(() => builds.run(taskWith([]), ['app', 'a', 'b', 'c'].map(build))));
    expect(most).toBe(slots);
  });

  it('gives a free slot to the deployment that holds the fewest, however many images another has', async () => {
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const build = (container: string): ContainerBuild => ({
      container,
      run: () => {
        begun.push(container);
        return new Promise((resolve) => ends.set(container, resolve));
      },
    });
    const builds = buildsWith(2);
    const run = (id: string, ...images: string[]) =>
      builds.run(taskWith([], undefined, { id }), images.map(build));
    const running = [run('many', 'a1', 'a2', 'a3', 'a4'), run('few', 'b1', 'b2')];
    for (const ended of ['a1', 'b1', 'a2', 'a3', 'b2', 'a4']) {
      await vi.waitFor(() => {
        expect(begun).toContain(ended);
      });
      ends.get(ended)?.();
    }
    await Promise.all(running);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'a3', 'a4']);
  });

  it('stops the others when one fails, waits for them, and names it', async () => {
    const ended: string[] = [];
    const builds = [endless('app', ended), fails('api', FAILURE), endless('worker', ended)];
    await expect(buildsWith(3).run(taskWith([]), builds)).rejects.toMatchObject({
      code: 'build_step_failed',
      message: 'api: RUN make failed.',
    });
    expect(ended.sort()).toEqual(['app', 'worker']);
    await expect(buildsWith(1).run(taskWith([]), [fails('app', FAILURE)])).rejects.toBe(FAILURE);
  });

  it('begins none that waits for a slot when one fails', async () => {
    const lines: string[] = [];
    const builds = [fails('app', FAILURE), says('api')];
    await expect(buildsWith(1).run(taskWith(lines), builds)).rejects.toMatchObject({ code: FAILURE.code });
    expect(lines).toEqual([]);
  });

  it('stops all of them when the deployment is cancelled, and frees their slots', async () => {
    const ended: string[] = [];
    const builds = buildsWith(2);
    const running = builds.run(
      taskWith([], cancel.signal),
      ['app', 'api', 'worker'].map((name) => endless(name, ended)),
    );
    await wait(5);
    cancel.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(ended.sort()).toEqual(['api', 'app']);
    const lines: string[] = [];
    await builds.run(taskWith(lines), [says('app')]);
    expect(lines).toHaveLength(2);
  });
});
