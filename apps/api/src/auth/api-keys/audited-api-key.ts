import type { ApiKeyEntity } from '@nexos/database';

/** Returns what the audit log shows of an API key: only the part that is not secret. */
export function auditedApiKey({ name, keyId, scopes, projectIds, expiresAt }: ApiKeyEntity) {
  const expires_at = expiresAt?.toISOString() ?? null;
  return { name, prefix: `nxs_${keyId}`, scopes, project_ids: projectIds, expires_at };
}
