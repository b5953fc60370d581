import { DeploymentFailure } from './deployment-failure.js';

/** Node.js has ENOSPC also for too many file watchers, in the message or as the code of the error it prints. */
const ENOSPC = /(?<!code: ['"])\bENOSPC\b(?!: System limit)/;
const DISK_FULL = new RegExp(
  `no space left on device|disk quota exceeded|${ENOSPC.source}|\\bEDQUOT\\b`,
  'i',
);

/** Whether a text says, in the words of Linux, Go or Node.js, that a disk is full. */
export function saysDiskFull(text: string): boolean {
  return DISK_FULL.test(text);
}

/** Whether a deployment failed because a disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof DeploymentFailure && error.code === 'disk_full';
}

/** A disk is full: of the machine that builds, unless said otherwise. Trying again at once would not help. */
export function diskFull(cause: unknown, machine = 'machine that builds'): DeploymentFailure {
  return new DeploymentFailure(
    'disk_full',
    `The disk of the ${machine} is full. Nothing needs to be changed: tell the operator, who has to free some of it; then deploy again.`,
    { cause },
  );
}
