import type { GithubAppEntity } from '@nexos/database';

/** Returns what the audit log shows of a GitHub App: none of its credentials. */
export function auditedApp({ slug, name }: Pick<GithubAppEntity, 'slug' | 'name'>) {
  return { slug, name };
}
