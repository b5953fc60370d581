import { mentionsDiskFull } from '@nexos/domain';

/** What a build step ran out of, as its last lines say. */
export type Shortage = 'space' | 'processes' | 'memory';

/** Errors of shells, Node.js, Python, Go and Java that cannot start a process or thread. */
const NO_PROCESS =
  /\b(?:fork|v?fork|clone|p?thread\w*|posix_spawn|spawn\w*|BlockingIOError)\b.*(?:Resource temporarily unavailable|\bEAGAIN\b)|can(?:'|no)t fork|can't start new thread|failed to create new OS thread|unable to create (?:new )?native thread/i;
/** A shell's report of a child that the kernel killed, and errors about memory that the kernel refused. */
const NO_MEMORY =
  /^(?:\S+: (?:line )?\d*:? *\d* *)?Killed\b|\bSIGKILL\b|signal: killed|Killed signal terminated|Cannot allocate memory/;

export function shortageOf(lines: readonly string[]): Shortage | null {
  if (lines.some(mentionsDiskFull)) return 'space';
  if (lines.some((line) => NO_PROCESS.test(line))) return 'processes';
  return lines.some((line) => NO_MEMORY.test(line)) ? 'memory' : null;
}
