import { readFileSync } from 'node:fs';

/** A process and when it began. Process ids are used again, so the id alone names nobody. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly began: string;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, began: beginningOf(pid) ?? '' };
}

/** Whether that very process still runs. A zombie does not. */
export function isRunning({ pid, began }: ProcessIdentity): boolean {
  if (process.platform === 'linux') return beginningOf(pid) === began && began !== '';
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/PID/stat`: clock ticks between the machine's boot and the process's beginning (proc(5)). */
function beginningOf(pid: number): string | undefined {
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
