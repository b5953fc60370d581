import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { UnsealError, Sealer } from '@nexos/crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Cookies } from '../cookies.js';

const COOKIE = 'nexos_sign_in';
const COOKIE_PATH = '/api/auth/github';
const LIFETIME_SECONDS = 600;
const SEAL_IDENTITY = 'sign-in';

/** A pending sign-in. The browser keeps it, encrypted, while its user is at GitHub. */
export interface SignInState {
  readonly state: string;
  /** For PKCE (RFC 7636). */
  readonly codeVerifier: string;
  readonly returnTo?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Binds GitHub's answer to the browser that started the sign-in, so that no link signs a user in to another account. */
@Injectable()
export class SignInStates {
  constructor(
    private readonly sealer: Sealer,
    private readonly cookies: Cookies,
  ) {}

  /** @returns the parameters for GitHub, and the `Set-Cookie` header */
  begin(returnTo?: string): { state: string; codeChallenge: string; cookie: string } {
    const state = randomBytes(32).toString('base64url');
    const codeVerifier = randomBytes(32).toString('base64url');
    const expiresAt = Date.now() + LIFETIME_SECONDS * 1_000;
    const pending: SignInState = {
      state,
      codeVerifier,
      expiresAt,
      ...(returnTo === undefined ? {} : { returnTo }),
    };
    return {
      state,
      codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      cookie: this.cookies.set(
        COOKIE,
        this.sealer.seal(JSON.stringify(pending), SEAL_IDENTITY),
        COOKIE_PATH,
        LIFETIME_SECONDS,
      ),
    };
  }

  /** Returns the sign-in that this browser started with that state; null if it is unknown or expired. */
  resume(request: FastifyRequest, state: string): SignInState | null {
    const cookie = this.cookies.read(COOKIE, request);
    const pending = cookie === undefined ? null : this.open(cookie);
    if (pending === null || pending.expiresAt <= Date.now() || !isSame(pending.state, state)) return null;
    return pending;
  }

  /** Returns the `Set-Cookie` header that deletes the pending sign-in. */
  end(): string {
    return this.cookies.clear(COOKIE, COOKIE_PATH);
  }

  private open(cookie: string): SignInState | null {
    try {
      return JSON.parse(this.sealer.open(cookie, SEAL_IDENTITY)) as SignInState;
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
