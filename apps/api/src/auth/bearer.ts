const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/i;

/** Returns the token of a bearer `Authorization` header (RFC 6750, section 2.1). */
export function bearerOf(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1];
}
