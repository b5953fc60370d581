import { spawnSync } from 'node:child_process';
import { withAppsLock } from './apps.js';
import { compile } from './compile.js';
import { defaultHome, root } from './home.js';
import { logToStderr } from './progress.mjs';
import { setup } from './setup.js';

/** What needs no installation, and so no setup. */
const WITHOUT_SETUP = /^--(list|help|verify|keys-to)(=|$)/;

/** `npm run backup` and `npm run restore`: runs a command of the lifecycle app. */
export async function main(args: string[], name: string): Promise<number> {
  await compile();
  if (args.some((argument) => WITHOUT_SETUP.test(argument))) return run(name, args, {});
  if (name === 'backup') return run(name, args, (await setup({ keepsIngress: true })).env);
  return await withAppsLock(defaultHome, logToStderr, async () => {
    // A fresh clone takes over the instance and the keys of the backup.
    const prepared = run(name, [...args, '--home', defaultHome], {});
    return prepared === 0 ? run(name, args, (await setup({ keepsIngress: true })).env) : prepared;
  });
}

function run(name: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const { status } = spawnSync(process.execPath, [`dist/apps/lifecycle/src/commands/${name}.js`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return status ?? 1;
}
