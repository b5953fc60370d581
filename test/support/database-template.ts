import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { dropDatabase } from './drop-database.js';
import { identify } from './process-identity.js';

const run = promisify(execFile);

/** The database that every test installation starts as a copy of, created with the operators' own commands. */
export interface DatabaseTemplate {
  readonly name: string;
  /** An API key of the operator's account. */
  readonly key: string;
}

/** Creates the template and records this process as its owner; a later run removes what a killed one left. */
export async function createTemplate(
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<{ template: DatabaseTemplate; remove: () => Promise<void> }> {
  const name = `t${randomBytes(3).toString('hex')}`;
  const folder = join(home, 'test', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identify(process.pid)));
  const serverUrl = env.DATABASE_URL ?? '';
  await createDatabase(serverUrl, name);
  const commands = { env: { ...process.env, ...env, DATABASE_URL: urlOf(serverUrl, name) } };
  await run(process.execPath, ['dist/apps/api/src/commands/migrate.js'], commands);
  const createKey = ['dist/apps/api/src/commands/create-api-key.js', '--name', 'test'];
  const { stdout } = await run(process.execPath, createKey, commands);
  return {
    template: { name, key: stdout.trim() },
    remove: async () => {
      await dropDatabase(serverUrl, name);
      rmSync(folder, { recursive: true });
    },
  };
}

/** @returns the URL of the new database */
export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`);
  } finally {
    await client.end();
  }
  return urlOf(serverUrl, name);
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
