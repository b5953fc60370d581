import { DeploymentFailure } from './deployment-failure.js';

/** Node.js also reports ENOSPC for too many file watchers, in the message or as the code of the error it prints. */
const ENOSPC = /(?<!code: ['"])\bENOSPC\b(?!: System limit)/;
const DISK_FULL = new RegExp(
  `no space left on device|disk quota exceeded|${ENOSPC.source}|\\bEDQUOT\\b`,
  'i',
);

/** Returns whether a text contains an error of Linux, Go or Node.js about a full disk. */
export function mentionsDiskFull(text: string): boolean {
  return DISK_FULL.test(text);
}

/** Returns whether a deployment failed because a disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof DeploymentFailure && error.code === 'disk_full';
}

/** Creates the failure for a full disk, by default the build machine's. An immediate retry would not help. */
export function diskFull(cause: unknown, machine = 'build machine'): DeploymentFailure {
  return new DeploymentFailure(
    'disk_full',
    `The disk of the ${machine} is full. Tell the operator to free some space, then deploy again.`,
    { cause },
  );
}
