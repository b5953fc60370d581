import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createTemplate, type DatabaseTemplate } from './database-template.js';
import { dropDatabase } from './drop-database.js';
import { prepareMachine, removeInstallation } from './machine.js';
import { isRunning, type ProcessIdentity } from './process-identity.js';

/** What the setup prepared for every test file. */
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

/**
 * Runs before any test: sets up the machine, compiles the apps, and removes what killed runs left. All projects of a
 * run share what the first of them prepared.
 */
export default async function prepare({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const all = vitest.getRootProject();
  if ('system' in all.getProvidedContext()) return undefined;
  const { home, env, images } = await prepareMachine();
  await removeLeftoverStacks(join(home, 'test'), env.DATABASE_URL ?? '');
  const { template, remove } = await createTemplate(home, env);
  all.provide('system', { home, env, images: { ...images }, template });
  return remove;
}

async function removeLeftoverStacks(folder: string, databaseUrl: string): Promise<void> {
  for (const name of entriesOf(folder)) {
    const home = join(folder, name);
    if (!existsSync(join(home, 'owner.json')) || isRunning(processIn(join(home, 'owner.json')))) continue;
    process.stderr.write(`removing what the test run ${name} left behind\n`);
    for (const file of entriesOf(home).filter((entry) => entry.endsWith('.process'))) {
      const app = processIn(join(home, file));
      if (isRunning(app)) process.kill(app.pid, 'SIGKILL');
    }
    await removeInstallation(name);
    await dropDatabase(databaseUrl, name);
    rmSync(home, { recursive: true, force: true });
  }
}

function processIn(file: string): ProcessIdentity {
  return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
