/** What GitHub lets a user do in a repository, from nothing to everything. */
export const REPOSITORY_PERMISSIONS = ['none', 'read', 'write', 'admin'] as const;
export type RepositoryPermission = (typeof REPOSITORY_PERMISSIONS)[number];

/**
 * Returns whether a user may connect a repository to a project. Everybody can read a public repository, so reading it
 * shows nothing: it takes write access.
 */
export function mayConnect({
  isPrivate,
  permission,
}: {
  readonly isPrivate: boolean;
  readonly permission: RepositoryPermission;
}): boolean {
  const needed = isPrivate ? 'read' : 'write';
  return REPOSITORY_PERMISSIONS.indexOf(permission) >= REPOSITORY_PERMISSIONS.indexOf(needed);
}
