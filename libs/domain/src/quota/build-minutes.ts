/** How much of its build minutes an account has used in the period, from the least to the most. */
export const BUILD_MINUTES_LEVELS = ['ok', 'nearly_used_up', 'used_up'] as const;
export type BuildMinutesLevel = (typeof BUILD_MINUTES_LEVELS)[number];

/** Percentage of the limit from which on an account is warned. */
const WARN_FROM_PERCENT = 80;

/** Returns the level of an account. @param limitMinutes 0 allows no build at all */
export function buildMinutesLevel(usedSeconds: number, limitMinutes: number): BuildMinutesLevel {
  const limitSeconds = limitMinutes * 60;
  if (usedSeconds >= limitSeconds) return 'used_up';
  return usedSeconds * 100 >= limitSeconds * WARN_FROM_PERCENT ? 'nearly_used_up' : 'ok';
}

/** Returns whether a level is nearer to the limit than another. */
export function isHigherLevel(level: BuildMinutesLevel, than: BuildMinutesLevel): boolean {
  return BUILD_MINUTES_LEVELS.indexOf(level) > BUILD_MINUTES_LEVELS.indexOf(than);
}

/** Says how far an account has come, for people. */
export function buildMinutesMessage(
  level: BuildMinutesLevel,
  usedMinutes: number,
  limitMinutes: number,
  periodEnd: Date,
): string {
  const used = `${usedMinutes} of the ${limitMinutes} build minutes of this month are used.`;
  const next =
    level === 'used_up' ? 'No new build starts before' : 'Once all are used, no new build starts before';
  return `${used} ${next} ${periodEnd.toISOString().slice(0, 'YYYY-MM-DD'.length)} (UTC), unless the operator raises the limit.`;
}

/** Returns the minutes to show for used seconds. Only the sum is rounded up. */
export function buildMinutesOf(usedSeconds: number): number {
  return Math.ceil(usedSeconds / 60);
}
