import type { EnvVarEntity } from '@nexos/database';

/** The same for every value: not even its length is told. */
const MASK = '********';

/** An environment variable on the wire. Its value is never told. */
export interface EnvVarResponse {
  id: string;
  key: string;
  value: string;
  /** The branch, or glob of branches, that it holds for; null: all. */
  branch: string | null;
  created_at: string;
  updated_at: string;
}

export function toEnvVarResponse(row: EnvVarEntity): EnvVarResponse {
  return {
    id: row.id,
    key: row.key,
    value: MASK,
    branch: row.branch === '' ? null : row.branch,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
