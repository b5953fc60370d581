import { fork } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { END_WITH_PARENT } from './app.js';
import type { RunningApps } from './apps.js';
import { root } from './home.js';
import { readOptions } from './options.js';
import { log, runNexos } from './start.js';

const USAGE = `Starts Nexos as npm start does, and watches the sources: after a change it recompiles and restarts the apps that
the change affects. After a compile error it prints the error, and the apps keep running as they are.

  npm run dev
`;
const NEST = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
const IMPORT = /(?:from|import) ?\(?["'](\.[^"']+)["']/g;

/** `npm run dev` */
export async function main(args: string[]): Promise<number> {
  readOptions(USAGE, args, {});
  return await runNexos(watch);
}

/** Restarts apps after each compilation by the Nest CLI, until they are stopped. */
function watch({ apps, ended }: RunningApps): void {
  // The next start must not take the output of an interrupted compilation for complete.
  rmSync(join(root, 'dist/.nexos-stamp'), { force: true });
  const compiler = fork(NEST, ['build', 'api', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    execArgv: ['--import', END_WITH_PARENT],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (compiler.stdout === null) return;
  let versions = apps.map(({ options }) => versionOf(options.module));
  let restarting = Promise.resolve();
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    if (line.trim() !== '') log(line);
    if (!line.includes('Found 0 errors')) return;
    const before = versions;
    versions = apps.map(({ options }) => versionOf(options.module));
    const affected = apps.filter((_, index) => before[index] !== versions[index]);
    if (affected.length === 0) return;
    log(`Restarting ${affected.map(({ options }) => options.name).join(', ')}.`);
    restarting = restarting.then(async () => {
      await Promise.all(affected.map((app) => app.restart()));
    });
  });
  const end = (): void => void compiler.kill();
  ended.then(end, end);
}

/** Returns a text that changes with every module that a compiled program imports. */
function versionOf(main: string): string {
  const seen = new Map<string, number>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.set(path, statSync(path).mtimeMs);
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(IMPORT))
      visit(resolve(dirname(path), target));
  };
  visit(main);
  return JSON.stringify([...seen]);
}
