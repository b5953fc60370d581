import type { TestProject } from 'vitest/node';
import { countWorkers } from '../count-workers.js';
import { NexosStack } from './nexos-stack.js';
import type { RunningStack } from './shared-stack.js';

/** Starts one installation per worker, as starting and removing one takes longer than many a test. */
export default async function startSharedStacks(project: TestProject): Promise<() => Promise<void>> {
  const { system } = project.getProvidedContext();
  const workers = Array.from({ length: countWorkers(project) });
  const starts = await Promise.allSettled(workers.map(() => NexosStack.start(system)));
  const stacks = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(stacks.map((stack) => stack.stop()));
    throw failed.reason;
  }
  project.provide('stacks', stacks.map(describe));
  return async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
  };
}

function describe({ instance, env, home, git }: NexosStack): RunningStack {
  return { instance, env, git: { root: `${home}/git`, url: git.url } };
}
