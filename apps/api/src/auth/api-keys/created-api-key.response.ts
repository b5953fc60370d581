import type { ApiKeyEntity } from '@nexos/database';
import type { Scope } from '@nexos/domain';
import { toApiKeyResponse } from './api-key.response.js';

/** An API key as whoever made it sees it, once. */
export class CreatedApiKeyResponse {
  id!: string;
  name!: string;
  /** The key itself: it is sent as `Authorization: Bearer …` and cannot be had again. */
  key!: string;
  prefix!: string;
  scopes!: Scope[];
  created_at!: string;
  expires_at!: string | null;
}

export function toCreatedApiKeyResponse(key: ApiKeyEntity, plaintext: string): CreatedApiKeyResponse {
  const { id, name, prefix, scopes, created_at, expires_at } = toApiKeyResponse(key);
  return { id, name, key: plaintext, prefix, scopes, created_at, expires_at };
}
