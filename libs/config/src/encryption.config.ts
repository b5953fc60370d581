import { Matches } from 'class-validator';
import { Env } from './env.decorator.js';

const KEY = /^[A-Za-z0-9+/]{43}=$/;

/** The keys that encrypt secrets at rest: 32 random bytes each, in base64. */
export class EncryptionConfig {
  @Env('ENCRYPTION_KEY', 'Key that encrypts secrets in the database. Keep it apart from database backups.')
  @Matches(KEY, { message: 'must be 32 bytes in base64: openssl rand -base64 32' })
  key!: string;

  @Env(
    'ENCRYPTION_KEYS_OLD',
    'Earlier keys, still accepted for decryption. Remove them once `npm run reseal` reports that every secret is encrypted with `ENCRYPTION_KEY`.',
    'list',
  )
  @Matches(KEY, { each: true, message: 'must be keys like ENCRYPTION_KEY, separated by commas' })
  oldKeys: string[] = [];
}
