import type { TestProject } from 'vitest/node';
import { countWorkers } from '../count-workers.js';
import { NexosStack } from './nexos-stack.js';
import type { RunningApi } from './shared-api.js';

/** Starts one API and one integrations worker per test worker, as starting them takes longer than most files. */
export default async function startSharedApis(project: TestProject): Promise<() => Promise<void>> {
  const { system } = project.getProvidedContext();
  const workers = Array.from({ length: countWorkers(project) });
  const stacks = await Promise.all(
    workers.map(() => NexosStack.start(system, { apps: ['api', 'integrations'] })),
  );
  project.provide('apis', await Promise.all(stacks.map(describe)));
  return async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
  };
}

async function describe(stack: NexosStack): Promise<RunningApi> {
  const [accounts = ''] = await stack.column<string>('SELECT jsonb_agg(a)::text FROM accounts a');
  const [keys = ''] = await stack.column<string>('SELECT jsonb_agg(k)::text FROM api_keys k');
  return { instance: stack.instance, env: stack.env, accounts, keys };
}
