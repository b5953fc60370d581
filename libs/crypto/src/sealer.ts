import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { EncryptionConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D recommends 96 bits; a random one each. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What was sealed cannot be opened: its key is not among ours, or it was changed, or it belongs elsewhere. */
export class SealBrokenError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SealBrokenError';
  }
}

/**
 * Seals values that are kept at rest: AES-256-GCM, with what the value belongs to as additional data, so that a
 * sealed value that was copied to another row does not open there. Each names the key that it was sealed with.
 */
@Injectable()
export class Sealer {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly presentId: string;
  private readonly present: Buffer;

  constructor(config: EncryptionConfig) {
    this.present = Buffer.from(config.key, 'base64');
    this.presentId = keyId(this.present);
    const old = config.oldKeys.map((key) => Buffer.from(key, 'base64'));
    this.keys = new Map([this.present, ...old].map((key) => [keyId(key), key]));
  }

  /** @param belongsTo the identity of the row, which has to be told again to open it */
  seal(plaintext: string, belongsTo: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.present, nonce).setAAD(Buffer.from(belongsTo));
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, this.presentId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** @throws {SealBrokenError} which names no value */
  open(sealed: string, belongsTo: string): string {
    const [version, id = '', nonce = '', text = ''] = sealed.split('.');
    const key = this.keys.get(id);
    if (version !== VERSION) throw new SealBrokenError('This is no sealed value.');
    if (key === undefined) {
      throw new SealBrokenError(`It was sealed with key ${id}; add that key to ENCRYPTION_KEYS_OLD.`);
    }
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(belongsTo))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch (cause) {
      throw new SealBrokenError('The sealed value was changed, or belongs to something else.', { cause });
    }
  }

  /** Whether it was sealed with the present key. */
  isCurrent(sealed: string): boolean {
    return sealed.split('.')[1] === this.presentId;
  }

  /**
   * 32 bytes for another use of the keys, such as signing (HKDF, RFC 5869): the present key's first, then those of
   * before.
   */
  deriveKeys(purpose: string): Buffer[] {
    return [...this.keys.values()].map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)));
  }
}

/** Tells keys apart and says nothing about them. */
function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
