import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { BackupError } from './backup-error.js';

/** About 0.3 s and 128 MiB for each guess: https://www.rfc-editor.org/rfc/rfc7914 */
const COST = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What is needed beside the database: environment variables with secrets, and files such as certificates. */
export interface Keys {
  readonly variables: Readonly<Record<string, string>>;
  /** Contents in base64, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Encrypts keys with a passphrase: scrypt, then AES-256-GCM. */
export function sealKeys(keys: Keys, passphrase: string): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, COST), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(keys), 'utf8'), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]);
}

/** @throws {BackupError} for another passphrase */
export function openKeys(sealed: Buffer, passphrase: string): Keys {
  const salt = sealed.subarray(0, SALT_BYTES);
  const nonce = sealed.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const body = SALT_BYTES + NONCE_BYTES + TAG_BYTES;
  try {
    const key = scryptSync(passphrase, salt, 32, COST);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(SALT_BYTES + NONCE_BYTES, body));
    const text = Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()]).toString('utf8');
    return JSON.parse(text) as Keys;
  } catch {
    throw new BackupError('BACKUP_PASSPHRASE does not open the keys of this backup.');
  }
}
