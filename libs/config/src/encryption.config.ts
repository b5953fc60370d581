import { Matches } from 'class-validator';
import { Env } from './env.decorator.js';

const KEY = /^[A-Za-z0-9+/]{43}=$/;

/** The keys that secrets are sealed with at rest: 32 random bytes each, in base64. */
export class EncryptionConfig {
  @Env('ENCRYPTION_KEY')
  @Matches(KEY, { message: 'must be 32 bytes in base64: openssl rand -base64 32' })
  key!: string;

  /** Keys of before, which what they sealed is still opened with; none are needed once all is sealed anew. */
  @Env('ENCRYPTION_KEYS_OLD', 'list')
  @Matches(KEY, { each: true, message: 'must be such keys, separated by commas' })
  oldKeys: string[] = [];
}
