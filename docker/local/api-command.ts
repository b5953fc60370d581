import { spawnSync } from 'node:child_process';
import { compile } from './compile.js';
import { root } from './home.js';
import { setup } from './setup.js';

/** Runs a command of the API (`apps/api/src/commands`); only that command writes to standard output. */
export async function main(args: string[], name: string): Promise<number> {
  const { env } = await setup({ keepsIngress: true });
  await compile();
  const file = name === 'api-key' ? 'create-api-key' : name;
  const { status } = spawnSync(process.execPath, [`dist/apps/api/src/commands/${file}.js`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return status ?? 1;
}
