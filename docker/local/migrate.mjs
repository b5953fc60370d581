// @ts-check
import { root } from './home.mjs';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Brings the database's schema up to date with the compiled migrations.
 *
 * @param {{ env: NodeJS.ProcessEnv, home: string, log: (line: string) => void }} options
 */
export async function migrate({ env, home, log }) {
  await step(log, 'Migrating the database', () =>
    runCommand(process.execPath, ['dist/apps/api/src/commands/migrate.js'], {
      name: 'migrate',
      cwd: root,
      env: { ...process.env, ...env },
      home,
    }),
  );
}
