// @ts-check
import { spawnSync } from 'node:child_process';
import { compile } from './compile.mjs';
import { root } from './home.mjs';
import { exitWith } from './setup-error.mjs';
import { setup } from './setup.mjs';

const COMMAND = 'dist/apps/api/src/commands/reseal.js';

/** `npm run reseal`: seals what is in the database with the present key. */
try {
  const { env } = await setup();
  await compile();
  const { status } = spawnSync(process.execPath, [COMMAND, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} catch (error) {
  exitWith(error);
}
