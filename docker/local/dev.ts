import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningApps } from './apps.js';
import { watch } from './bundle.mjs';
import { root } from './home.js';
import { readOptions } from './options.js';
import { log, runNexos } from './start.js';

const USAGE = `Starts Nexos like npm start, and watches the sources. A change recompiles and restarts the affected apps. Compile errors
are shown, and the apps keep running. Types are not checked; run npm run check for that.

  npm run dev
`;

/** `npm run dev` */
export async function main(args: string[]): Promise<number> {
  readOptions(USAGE, args, {});
  return await runNexos({ nodeFlags: ['--enable-source-maps'], onReady: watchSources });
}

/** Restarts apps whose bundles change, until the apps are stopped. */
function watchSources({ apps, ended }: RunningApps): void {
  // Makes the next start compile again, because a compilation here may be interrupted.
  rmSync(join(root, 'dist/.nexos-stamp'), { force: true });
  const readBundles = () => apps.map(({ options }) => readFileSync(options.module, 'utf8'));
  let bundles = readBundles();
  let restarting = Promise.resolve();
  const watching = watch(root, (error) => {
    if (error !== undefined) {
      log(`${error}\nThe apps keep running as they are.`);
      return;
    }
    const before = bundles;
    // A bundle names its chunks by their hashes, so it changes with any code of the app.
    bundles = readBundles();
    const affected = apps.filter((_, index) => before[index] !== bundles[index]);
    if (affected.length === 0) return;
    restarting = restarting.then(async () => {
      log(`Recompiled. Restarting ${affected.map(({ options }) => options.name).join(', ')}.`);
      await Promise.all(affected.map((app) => app.restart()));
    });
  });
  const end = (): void => void watching.then((stop) => stop());
  ended.then(end, end);
}
