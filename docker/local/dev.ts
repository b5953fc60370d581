import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningApps } from './apps.js';
import { watch } from './bundle.mjs';
import { root } from './home.js';
import { readOptions } from './options.js';
import { seconds } from './progress.mjs';
import { log, runNexos } from './start.js';

const USAGE = `Starts Nexos as npm start does, and watches the sources: after a change it recompiles and restarts the apps that
the change affects. After a compile error it prints the error, and the apps keep running as they are. It does not check
types: npm run check does.

  npm run dev
`;

/** `npm run dev` */
export async function main(args: string[]): Promise<number> {
  readOptions(USAGE, args, {});
  return await runNexos(watchSources);
}

/** Restarts apps after each compilation that changes them, until they are stopped. */
function watchSources({ apps, ended }: RunningApps): void {
  // The next start must not take the output of an interrupted compilation for complete.
  rmSync(join(root, 'dist/.nexos-stamp'), { force: true });
  const versionsNow = () => apps.map(({ options }) => readFileSync(options.module, 'utf8'));
  let versions = versionsNow();
  let restarting = Promise.resolve();
  const watching = watch(root, (error) => {
    if (error !== undefined) {
      log(error);
      return;
    }
    const before = versions;
    // The names of its chunks, which have hashes, change with everything that an app contains.
    versions = versionsNow();
    const affected = apps.filter((_, index) => before[index] !== versions[index]);
    if (affected.length === 0) return;
    restarting = restarting.then(async () => {
      const began = Date.now();
      const names = affected.map(({ options }) => options.name).join(', ');
      log(`Recompiled. Restarting ${names}.`);
      await Promise.all(affected.map((app) => app.restart()));
      log(`Restarted ${names} in ${seconds(began)}.`);
    });
  });
  const end = (): void => void watching.then((stop) => stop());
  ended.then(end, end);
}
