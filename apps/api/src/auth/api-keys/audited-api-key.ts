import type { ApiKeyEntity } from '@nexos/database';

/** Returns what the audit log shows of an API key: only the part that is not secret. */
export function auditedApiKey({ name, keyId, scopes, expiresAt }: ApiKeyEntity) {
  return { name, prefix: `nxs_${keyId}`, scopes, expires_at: expiresAt?.toISOString() ?? null };
}
