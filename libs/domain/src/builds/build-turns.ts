/** An account with a build that could start now. */
export interface WaitingAccount {
  readonly accountId: string;
  /** Builds that it may run at once. */
  readonly concurrentBuilds: number;
  /** Builds that it runs now. */
  readonly running: number;
  /** When its last build began; null if it has had none. */
  readonly lastStartedAt: Date | null;
  /** Since when its oldest build has waited. */
  readonly waitingSince: Date;
}

/**
 * Returns the accounts that may start a build, in the order of their turns: those with the fewest running builds first, among
 * them those whose last build began the longest ago. So the builds of one account delay another's by one build at most,
 * however many wait.
 */
export function buildTurns<Account extends WaitingAccount>(accounts: readonly Account[]): Account[] {
  return accounts
    .filter(({ running, concurrentBuilds }) => running < concurrentBuilds)
    .sort(
      (a, b) =>
        a.running - b.running ||
        timeOf(a.lastStartedAt) - timeOf(b.lastStartedAt) ||
        timeOf(a.waitingSince) - timeOf(b.waitingSince) ||
        (a.accountId < b.accountId ? -1 : 1),
    );
}

/** Returns milliseconds, with 0 for a build that never was. */
function timeOf(at: Date | null): number {
  return at?.getTime() ?? 0;
}
