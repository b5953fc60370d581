import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { compile } from '../../docker/local/compile.mjs';
import { findEngine } from '../../docker/local/docker-engine.mjs';
import { removeInstance } from '../../docker/local/remove-instance.mjs';
import { setup } from '../../docker/local/setup.mjs';
import { isRunning } from '../../docker/local/process-identity.mjs';
import { makeTemplate, type DatabaseTemplate } from './database-template.js';
import { dropDatabase } from './drop-database.js';

/** What the set-up made, for every test file. */
export interface TestSystem {
  readonly home: string;
  readonly env: Record<string, string>;
  readonly images: Record<string, string>;
  readonly template: DatabaseTemplate;
}

declare module 'vitest' {
  interface ProvidedContext {
    system: TestSystem;
  }
}

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Before any test: the set-up, the compiled apps, and nothing left of a run that was killed. */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const { home, env, images } = await setup({ log });
  await compile({ log });
  await removeLeftStacks(join(home, 'test'), env.DATABASE_URL ?? '');
  const { template, remove } = await makeTemplate(home, env);
  project.provide('system', { home, env, images: { ...images }, template });
  return remove;
}

async function removeLeftStacks(folder: string, databaseUrl: string): Promise<void> {
  for (const name of entriesOf(folder)) {
    const home = join(folder, name);
    if (!existsSync(join(home, 'owner.json')) || isRunning(processIn(join(home, 'owner.json')))) continue;
    log(`removing what the test run ${name} left behind`);
    for (const file of entriesOf(home).filter((entry) => entry.endsWith('.process'))) {
      const app = processIn(join(home, file));
      if (isRunning(app)) process.kill(app.pid, 'SIGKILL');
    }
    const found = await findEngine(process.env);
    if (found === undefined) throw new Error('there is no engine');
    await removeInstance(found.engine, name, { data: true });
    await dropDatabase(databaseUrl, name);
    rmSync(home, { recursive: true, force: true });
  }
}

function processIn(file: string): { pid: number; began: string } {
  return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; began: string };
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
