// @ts-check
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeModules } from './node-modules.mjs';
import { logToStderr } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The TypeScript module of each command. Its `main` takes the arguments and returns the exit code. */
const COMMANDS = new Map([
  ['setup', './setup.ts'],
  ['start', './start.ts'],
  ['dev', './dev.ts'],
  ['stop', './stop.ts'],
  ['api-key', './api-command.ts'],
  ['reseal', './api-command.ts'],
  ['backup', './backup-command.ts'],
  ['restore', './backup-command.ts'],
  ['client', './client.ts'],
  ['docs', './docs.ts'],
  ['test', '../../test/run/main.ts'],
  ['demo', '../../test/demo/main.ts'],
  ['bench', '../../test/bench/main.ts'],
]);

/**
 * Installs the packages if package-lock.json has changed, then runs a command, which can be TypeScript from here on.
 *
 * @param {string[]} args the command, followed by its arguments
 */
export async function run([name = '', ...args]) {
  try {
    const command = COMMANDS.get(name);
    if (command === undefined)
      throw new SetupError(`Unknown command: ${name}. Use one of ${[...COMMANDS.keys()].join(', ')}.`);
    await ensureNodeModules(root, logToStderr);
    // Node.js 20 and its types lack the compile cache.
    if ('enableCompileCache' in module) /** @type {any} */ (module).enableCompileCache();
    process.env['TSX_TSCONFIG_PATH'] = join(root, 'test/tsconfig.json');
    (await import('tsx/esm/api')).register();
    const { main } = await import(command);
    process.exit(await main(args, name));
  } catch (error) {
    const isExpected = error instanceof SetupError;
    process.stderr.write(`\n${isExpected || !(error instanceof Error) ? messageOf(error) : error.stack}\n`);
    process.exit(1);
  }
}
