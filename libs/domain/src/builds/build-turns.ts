/** An account with a build that could start now. */
export interface WaitingAccount {
  readonly accountId: string;
  /** Builds that it may run at once. */
  readonly concurrentBuilds: number;
  /** Builds that builders run for it now. */
  readonly running: number;
  /** Builds whose builder was lost, and that may begin again. Each keeps its part of the limit. */
  readonly lost: number;
  /** Queued builds that could start now, if the limit allows it. */
  readonly queued: number;
  /** When its last build began; null if it has had none. */
  readonly lastStartedAt: Date | null;
  /** Since when its oldest build has waited. */
  readonly waitingSince: Date;
}

/**
 * Returns the accounts that may start a build, in the order of their turns: those with the fewest running builds first, among
 * them those whose last build began the longest ago. So the builds of one account delay another's by one build at most,
 * however many wait, and however many have lost their builder.
 */
export function buildTurns<Account extends WaitingAccount>(accounts: readonly Account[]): Account[] {
  return accounts
    .filter((account) => startableBuilds(account) > 0)
    .sort(
      (a, b) =>
        a.running - b.running ||
        timeOf(a.lastStartedAt) - timeOf(b.lastStartedAt) ||
        timeOf(a.waitingSince) - timeOf(b.waitingSince) ||
        (a.accountId < b.accountId ? -1 : 1),
    );
}

/** Returns how many builds of an account may start now. */
export function startableBuilds(account: WaitingAccount): number {
  return account.lost + startableQueuedBuilds(account);
}

/** Returns how many queued builds of an account may start now. Those whose builder was lost come before them. */
export function startableQueuedBuilds({ concurrentBuilds, running, lost, queued }: WaitingAccount): number {
  return Math.min(queued, Math.max(0, concurrentBuilds - running - lost));
}

/** Returns milliseconds, with 0 for a build that never was. */
function timeOf(at: Date | null): number {
  return at?.getTime() ?? 0;
}
