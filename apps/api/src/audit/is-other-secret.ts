import { type Sealer, UnsealError } from '@nexos/crypto';

/** Returns whether a secret differs from a sealed one. One that cannot be opened counts as different. */
export function isOtherSecret(sealer: Sealer, sealed: string, identity: string, secret: string): boolean {
  try {
    return sealer.open(sealed, identity) !== secret;
  } catch (error) {
    if (error instanceof UnsealError) return true;
    throw error;
  }
}
