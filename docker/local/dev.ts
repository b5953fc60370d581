import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { APPS, type RunningApps } from './apps.js';
import { root } from './home.js';
import { readOptions } from './options.js';
import { log, runNexos } from './start.js';

const USAGE = `Starts Nexos as npm start does, and watches the sources: after a change it recompiles and restarts the apps that
the change affects. After a compile error it prints the error, and the apps keep running as they are.

  npm run dev
`;

const NEST = join(root, 'node_modules/@nestjs/cli/bin/nest.js');

/** `npm run dev` */
export async function main(args: string[]): Promise<number> {
  readOptions(USAGE, args, {});
  return await runNexos(watch);
}

/** Restarts apps after each compilation by the Nest CLI, until this process ends. */
function watch(apps: RunningApps): void {
  // If this is killed in the middle of a compilation, the next start must not take its output for complete.
  rmSync(join(root, 'dist/.nexos-stamp'), { force: true });
  const compiler = spawn(process.execPath, [NEST, 'build', 'api', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  let versions = versionsOf(apps);
  let queue = Promise.resolve();
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    log(line);
    if (!line.includes('Found 0 errors')) return;
    queue = queue.then(async () => {
      const before = versions;
      versions = versionsOf(apps);
      const affected = apps.apps.filter(({ name }) => before.get(name) !== versions.get(name));
      if (affected.length === 0) return;
      log(`Restarting ${affected.map(({ name }) => name).join(', ')}.`);
      for (const app of affected) await app.restart();
    });
  });
  void apps.ended.finally(() => compiler.kill()).catch(() => undefined);
}

/** Returns, by the name of each app, what changes whenever one of its compiled modules does. */
function versionsOf({ apps }: RunningApps): Map<string, string> {
  const mains = new Map(APPS.map(({ name, module }) => [name, module]));
  return new Map(apps.map(({ name }) => [name, versionOf(mains.get(name) ?? '')]));
}

function versionOf(main: string): string {
  const seen = new Map<string, number>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.set(path, statSync(path).mtimeMs);
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(
      /(?:from|import) ?\(?["'](\.[^"']+)["']/g,
    )) {
      visit(resolve(dirname(path), target));
    }
  };
  visit(main);
  return JSON.stringify([...seen]);
}
