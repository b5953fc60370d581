import type { ContainerOutputLine } from '@nexos/contracts';
import type { LocalContainer } from '@nexos/engine';

/** An app that runs for longer than this after one of its processes was killed ends for another reason. */
const EFFECT_MS = 10_000;
const KILLED = 137;
/** What runtimes write that give up before the engine has to kill them. Most of them know the container's limit. */
const COMPLAINT =
  /JavaScript heap out of memory|java\.lang\.OutOfMemoryError|std::bad_alloc|runtime: out of memory/;

/**
 * Returns whether a container ended because it had no memory left.
 *
 * @param killedAt when one of its processes was last killed for that (RFC 3339); null if no event told of one
 * @param lines the last ones that it wrote
 */
export function endedOutOfMemory(
  { isOutOfMemory, exitCode, endedAt }: Pick<LocalContainer, 'isOutOfMemory' | 'exitCode' | 'endedAt'>,
  killedAt: string | null,
  lines: readonly ContainerOutputLine[],
): boolean {
  if (exitCode !== 0 && lines.some(({ text }) => COMPLAINT.test(text))) return true;
  if (killedAt === null || exitCode === KILLED) return isOutOfMemory || killedAt !== null;
  return Date.parse(endedAt) - Date.parse(killedAt) <= EFFECT_MS;
}
