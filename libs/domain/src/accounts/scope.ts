/**
 * What an API key may be used for: `read` looks, `write` changes projects and what runs, `admin` also changes who
 * may call the API and which machines there are.
 */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether somebody who has `granted` may do what needs `needed`: a wider scope includes the narrower ones. */
export function hasScope(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
}
