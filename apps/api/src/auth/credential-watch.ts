import { PeriodicTimer } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { SessionsService } from './sessions/sessions.service.js';

/** Watchers of a credential share one cached read with its requests. */
const CHECK_INTERVAL_MS = 400;

/** Detects when the credential of a long response, such as a stream or a wait, is revoked or expires. */
@Injectable()
export class CredentialWatch {
  constructor(
    private readonly keys: ApiKeyVerifier,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Checks the request's credential several times a second, until stopped.
   *
   * @param onInvalid called when the credential is revoked or expires, or when its session is signed out
   */
  start(request: FastifyRequest, onInvalid: () => void): PeriodicTimer {
    const watch = new PeriodicTimer('credential of a response', CHECK_INTERVAL_MS, async () => {
      if (!(await this.isValid(request))) onInvalid();
    });
    watch.start();
    return watch;
  }

  private async isValid(request: FastifyRequest): Promise<boolean> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.keys.isStillValid(bearerOf(authorization) ?? '');
    const principal = await this.sessions.principalOf(this.sessions.cookieOf(request) ?? '');
    return principal !== null && principal !== 'forged';
  }
}
