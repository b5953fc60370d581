// @ts-check
import { spawnSync } from 'node:child_process';
import { compile } from './compile.mjs';
import { root } from './home.mjs';
import { exitWith } from './setup-error.mjs';
import { setup } from './setup.mjs';

/**
 * Sets up, compiles, and runs a command of the API with this process's arguments; nothing else goes to standard output.
 *
 * @param {string} name of a file in `apps/api/src/commands`, without its ending
 */
export async function runCompiled(name) {
  try {
    const { env } = await setup();
    await compile();
    const command = `dist/apps/api/src/commands/${name}.js`;
    const { status } = spawnSync(process.execPath, [command, ...process.argv.slice(2)], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    process.exitCode = status ?? 1;
  } catch (error) {
    exitWith(error);
  }
}
