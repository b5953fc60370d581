import { Sealer } from '@nexos/crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';

const ALGORITHM = 'HS256';
const ISSUER = 'nexos';

/** Signs and verifies session cookies: JWTs that name the session. Old encryption keys still verify. */
@Injectable()
export class SessionTokens {
  private readonly keys: readonly Buffer[];

  constructor(
    sealer: Sealer,
    private readonly jwt: JwtService,
  ) {
    this.keys = sealer.deriveKeys('session');
  }

  sign(sessionId: string, accountId: string, expiresAt: Date): string {
    const claims = { sid: sessionId, exp: Math.floor(expiresAt.getTime() / 1_000) };
    return this.jwt.sign(claims, {
      secret: this.keys[0] ?? '',
      algorithm: ALGORITHM,
      issuer: ISSUER,
      subject: accountId,
    });
  }

  /** Returns the session of a token; `expired` if it was valid before, `forged` if we never signed it. */
  read(token: string): { sessionId: string } | 'expired' | 'forged' {
    for (const secret of this.keys) {
      try {
        const { sid } = this.jwt.verify<{ sid?: unknown }>(token, {
          secret,
          algorithms: [ALGORITHM],
          issuer: ISSUER,
        });
        return typeof sid === 'string' ? { sessionId: sid } : 'forged';
      } catch (error) {
        // Expiry is checked after the signature.
        if (error instanceof Error && error.name === 'TokenExpiredError') return 'expired';
      }
    }
    return 'forged';
  }
}
