import { createHash, randomBytes } from 'node:crypto';
import { Sealer } from '@nexos/crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BrowserState } from '../browser-state.js';
import { Cookies } from '../cookies.js';

const OPTIONS = {
  cookie: 'nexos_sign_in',
  path: '/api/auth/github',
  lifetimeSeconds: 600,
  identity: 'sign-in',
} as const;

/** A pending sign-in. */
export interface PendingSignIn {
  /** For PKCE (RFC 7636). */
  readonly codeVerifier: string;
  readonly returnTo?: string;
}

/** Binds GitHub's answer to the browser that started the sign-in, so that no link signs a user in to another account. */
@Injectable()
export class SignInStates {
  private readonly states: BrowserState<PendingSignIn>;

  constructor(sealer: Sealer, cookies: Cookies) {
    this.states = new BrowserState(sealer, cookies, OPTIONS);
  }

  /** @returns the parameters for GitHub, and the `Set-Cookie` header */
  begin(returnTo?: string): { state: string; codeChallenge: string; cookie: string } {
    const codeVerifier = randomBytes(32).toString('base64url');
    const begun = this.states.begin({ codeVerifier, ...(returnTo === undefined ? {} : { returnTo }) });
    return { ...begun, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
  }

  /** Returns the sign-in that this browser started with that state; null if it is unknown or expired. */
  resume(request: FastifyRequest, state: string): PendingSignIn | null {
    return this.states.resume(request, state);
  }

  /** Returns the `Set-Cookie` header that deletes the pending sign-in. */
  end(): string {
    return this.states.end();
  }
}
