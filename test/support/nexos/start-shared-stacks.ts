import type { TestProject } from 'vitest/node';
import { countWorkers } from '../count-workers.js';
import { NexosStack } from './nexos-stack.js';
import type { RunningStack } from './shared-stack.js';

/** One installation for each worker: to start and remove one takes longer than many a test. */
export default async function startSharedStacks(project: TestProject): Promise<() => Promise<void>> {
  const { system } = project.getProvidedContext();
  const workers = Array.from({ length: countWorkers(project) });
  const stacks = await Promise.all(workers.map(() => NexosStack.start(system)));
  project.provide('stacks', stacks.map(describe));
  return async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
  };
}

function describe({ instance, env, home, git }: NexosStack): RunningStack {
  return { instance, env, git: { root: `${home}/git`, url: git.url } };
}
