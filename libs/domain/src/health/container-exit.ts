/** How a container of an app ended without being asked to. */
export interface ContainerExit {
  /** Milliseconds since the epoch, as `at`. */
  readonly startedAt: number;
  readonly at: number;
  readonly code: number;
  readonly isOutOfMemory: boolean;
  /** The engine stopped it, because the HEALTHCHECK of its image failed. */
  readonly isUnhealthy: boolean;
}

/** A program killed by signal n ends with 128 + n (POSIX shells, and the init process of our containers). */
const SIGNALS: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  133: 'SIGTRAP',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  143: 'SIGTERM',
};

/** Returns the signal that ended a process, by its exit code; null when it exited by itself. */
export function signalOf(exitCode: number): string | null {
  return SIGNALS[exitCode] ?? null;
}

/** Describes an exit, such as `ran out of memory (code 137, SIGKILL)`. */
export function describeExit({
  code,
  isOutOfMemory,
  isUnhealthy,
}: Pick<ContainerExit, 'code' | 'isOutOfMemory' | 'isUnhealthy'>): string {
  const signal = signalOf(code);
  const how = signal === null ? `code ${code}` : `code ${code}, ${signal}`;
  if (isOutOfMemory) return `ran out of memory (${how})`;
  if (isUnhealthy) return `was stopped because the HEALTHCHECK of its image failed (${how})`;
  return signal === null ? `exited with code ${code}` : `was killed by ${signal} (code ${code})`;
}
