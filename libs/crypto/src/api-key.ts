import { hash, randomBytes } from 'node:crypto';
import argon2 from 'argon2';

/**
 * OWASP's floor for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. The secret is 256
 * random bits, so the hash protects against a stolen table, not against guessing.
 */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** 64 of the 256 bits. Finding another secret with the same ones is infeasible, and they leave 192 bits unknown. */
const FINGERPRINT_DIGITS = 16;

const KEY = /^nxs_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface ApiKeyParts {
  /** Identifies the row; not secret. */
  readonly keyId: string;
  readonly secret: string;
}

/** Generates a key: `nxs_<keyid>_<secret>`. */
export function generateApiKey(): ApiKeyParts & { readonly plaintext: string } {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secret, plaintext: `nxs_${keyId}_${secret}` };
}

/** Splits a key into its parts; null for anything malformed, without computing a hash. */
export function parseApiKey(plaintext: string): ApiKeyParts | null {
  const [, keyId, secret] = KEY.exec(plaintext) ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}

/** Hashes the secret half of a key for storage; takes about 30 ms and 19 MiB. */
export function hashApiKeySecret(secret: string): Promise<string> {
  return argon2.hash(secret, ARGON2);
}

/** Returns whether the secret matches the hash. */
export function verifyApiKeySecret(hash: string, secret: string): Promise<boolean> {
  return argon2.verify(hash, secret);
}

/** Returns the beginning of the SHA-256 of a secret, which tells wrong secrets without computing their slow hash. */
export function apiKeyFingerprint(secret: string): string {
  return hash('sha256', secret, 'hex').slice(0, FINGERPRINT_DIGITS);
}
