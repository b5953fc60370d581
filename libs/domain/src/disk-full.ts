import { DeploymentFailure } from './deployment-failure.js';

const DISK_FULL = /no space left on device|disk quota exceeded|\b(?:ENOSPC|EDQUOT)\b/i;

/** Whether a text says, in the words of Linux, Go or Node.js, that a disk is full. */
export function saysDiskFull(text: string): boolean {
  return DISK_FULL.test(text);
}

/** A disk is full: of the machine that builds, unless said otherwise. Trying again at once would not help. */
export function diskFull(cause: unknown, machine = 'machine that builds'): DeploymentFailure {
  return new DeploymentFailure(
    'disk_full',
    `The disk of the ${machine} is full. Nothing needs to be changed: tell the operator, who has to free some of it; then deploy again.`,
    { cause },
  );
}
