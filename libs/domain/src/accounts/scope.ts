/**
 * The scopes of an API key: `read` only reads, `write` changes projects and what runs, `admin` also manages API keys
 * and nodes.
 */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Returns whether `granted` covers the scope `needed`; a wider scope includes the narrower ones. */
export function hasScope(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
}
