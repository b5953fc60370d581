import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { EncryptionConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
/** Random for each value; NIST SP 800-38D recommends 96 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed value cannot be decrypted: its key is not configured, it was altered, or it belongs to another row. */
export class UnsealError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UnsealError';
  }
}

/**
 * Encrypts values at rest with AES-256-GCM. The identity of the row is the additional data, so a sealed value that was
 * copied to another row cannot be decrypted there. Each sealed value carries the id of its key.
 */
@Injectable()
export class Sealer {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly currentId: string;
  private readonly current: Buffer;

  constructor(config: EncryptionConfig) {
    this.current = Buffer.from(config.key, 'base64');
    this.currentId = keyId(this.current);
    const old = config.oldKeys.map((key) => Buffer.from(key, 'base64'));
    this.keys = new Map([this.current, ...old].map((key) => [keyId(key), key]));
  }

  /** @param identity identifies the row; `open` needs the same one */
  seal(plaintext: string, identity: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current, nonce).setAAD(Buffer.from(identity));
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, this.currentId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** @throws {UnsealError} whose message contains no secret */
  open(sealed: string, identity: string): string {
    const [version, id = '', nonce = '', text = ''] = sealed.split('.');
    const key = this.keys.get(id);
    if (version !== VERSION) throw new UnsealError('The value is not encrypted.');
    if (key === undefined) {
      throw new UnsealError(
        `The value was encrypted with key ${id}, which is not configured. Add that key to ENCRYPTION_KEYS_OLD.`,
      );
    }
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(identity))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch (cause) {
      throw new UnsealError('The encrypted value was altered or belongs to another row.', { cause });
    }
  }

  /** Returns whether the value was sealed with the current key. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.currentId;
  }

  /** Returns the ids of all keys, the current one first. They reveal nothing about the keys. */
  keyIds(): string[] {
    return [...this.keys.keys()];
  }

  /**
   * Derives 32-byte keys for another purpose, such as signing (HKDF, RFC 5869): the current key's first, then those of
   * the old keys.
   */
  deriveKeys(purpose: string): Buffer[] {
    return [...this.keys.values()].map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)));
  }
}

/** Returns an id that distinguishes keys without revealing anything about them. */
function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
