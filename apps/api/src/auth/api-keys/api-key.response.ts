import type { ApiKeyEntity } from '@nexos/database';
import type { Scope } from '@nexos/domain';

/** An API key on the wire, which shows nothing that it could be used by. */
export class ApiKeyResponse {
  id!: string;
  name!: string;
  /** How the key begins: `nxs_` and the half that is no secret. */
  prefix!: string;
  scopes!: Scope[];
  created_at!: string;
  /** To the minute; null before the first use. */
  last_used_at!: string | null;
  expires_at!: string | null;
}

export function toApiKeyResponse(key: ApiKeyEntity): ApiKeyResponse {
  return {
    id: key.id,
    name: key.name,
    prefix: `nxs_${key.keyId}`,
    scopes: key.scopes,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
