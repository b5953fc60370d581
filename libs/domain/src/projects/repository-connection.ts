import type { ConnectionReason } from './pause-reason.js';

export type InstallationState = 'active' | 'suspended' | 'removed';

/** How the GitHub App is connected with a project's repository, as far as Nexos knows. */
export interface ConnectionFacts {
  /** The installation that the project has; null when nothing is known about it. */
  readonly installation: {
    readonly status: InstallationState;
    /** Whether all repositories that it gives access to are known. */
    readonly isListed: boolean;
  } | null;
  /** Whether the project knows GitHub's id of its repository, so that it can be looked for. */
  readonly isRepositoryKnown: boolean;
  /** Where the repository is now; null when no installation is known to give access to it. */
  readonly repository: {
    readonly installationId: string;
    readonly status: InstallationState;
    /** Whether the project has this installation, or may move to it. */
    readonly isAllowed: boolean;
  } | null;
}

/** What follows for a project; `unknown` changes nothing. */
export type Connection =
  | { readonly kind: 'connected'; readonly installationId: string }
  | { readonly kind: 'paused'; readonly reason: ConnectionReason }
  | { readonly kind: 'unknown' };

const REASONS = { suspended: 'installation_suspended', removed: 'installation_removed' } as const;

/** Decides whether the GitHub App gives a project access to its repository. */
export function connectionOf({ installation, isRepositoryKnown, repository }: ConnectionFacts): Connection {
  if (installation === null) return { kind: 'unknown' };
  if (repository !== null) {
    const { status, isAllowed, installationId } = repository;
    if (!isAllowed) return { kind: 'paused', reason: 'repository_not_connected' };
    return status === 'active'
      ? { kind: 'connected', installationId }
      : { kind: 'paused', reason: REASONS[status] };
  }
  if (installation.status !== 'active') return { kind: 'paused', reason: REASONS[installation.status] };
  return installation.isListed && isRepositoryKnown
    ? { kind: 'paused', reason: 'repository_not_connected' }
    : { kind: 'unknown' };
}
