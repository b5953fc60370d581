// @ts-check
import { readFileSync } from 'node:fs';
import { codeOf } from './setup-error.mjs';

/**
 * A process and when it began. Process ids are used again, so the id alone names nobody.
 *
 * @typedef {{ pid: number, began: string }} ProcessIdentity
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity}
 */
export function identify(pid) {
  return { pid, began: beginningOf(pid) ?? '' };
}

/**
 * Whether that very process still runs. A zombie does not.
 *
 * @param {ProcessIdentity} identity
 */
export function isRunning({ pid, began }) {
  if (process.platform === 'linux') return beginningOf(pid) === began && began !== '';
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Field 22 of `/proc/PID/stat`: clock ticks between the machine's boot and the process's beginning (proc(5)).
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function beginningOf(pid) {
  if (process.platform !== 'linux') return '';
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}
