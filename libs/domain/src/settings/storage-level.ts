/** How much of its expected storage a service uses: less than 80 %, 80 % or more, all or more. */
export const STORAGE_LEVELS = ['ok', 'nearly_full', 'full'] as const;
export type StorageLevel = (typeof STORAGE_LEVELS)[number];

const NEARLY_FULL = 0.8;
const FULL = 1;
/** Usage must fall this far below a threshold before the level falls, so that it does not flap. */
const HYSTERESIS = 0.05;

/**
 * Returns the level of a service.
 *
 * @param limitMb what the data is expected to take at most, in MiB; null: no limit
 * @param before the last level
 */
export function storageLevel(usedMb: number, limitMb: number | null, before: StorageLevel): StorageLevel {
  if (limitMb === null) return 'ok';
  const used = usedMb / limitMb;
  const isAbove = (threshold: number, ...levels: StorageLevel[]) =>
    used >= threshold - (levels.includes(before) ? HYSTERESIS : 0);
  if (isAbove(FULL, 'full')) return 'full';
  return isAbove(NEARLY_FULL, 'full', 'nearly_full') ? 'nearly_full' : 'ok';
}
