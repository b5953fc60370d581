import { type KeyObject, verify } from 'node:crypto';

/** GitHub rejects tokens that are valid for longer than this. */
const LONGEST_SECONDS = 600;

/**
 * Returns whether a header is `bearer <JWT>`, signed by the App with RS256 and neither expired nor valid for too long.
 *
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function isAppJwt(authorization: string | undefined, appId: string, publicKey: KeyObject): boolean {
  const [, header, payload, signature] =
    /^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '') ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return false;
  if (decode(header).alg !== 'RS256') return false;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))) return false;
  const { iss, iat, exp } = decode(payload);
  const now = Date.now() / 1000;
  if (String(iss) !== appId || typeof iat !== 'number' || typeof exp !== 'number') return false;
  return iat <= now && exp > now && exp - now <= LONGEST_SECONDS;
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
