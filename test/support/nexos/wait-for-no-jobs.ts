import { eventually } from '../eventually.js';
import type { DeployingInstallation } from './deploying-installation.js';

/** Waits until no hook, command or other one-off job has anything left on the engine. */
export function waitForNoJobs(nexos: DeployingInstallation): Promise<true> {
  return eventually('nothing to be left on the engine', async () => {
    const left = [
      ...(await nexos.services('dev.nexos.job')),
      ...(await nexos.containers('dev.nexos.execution')),
    ];
    return left.length === 0 ? true : undefined;
  });
}
