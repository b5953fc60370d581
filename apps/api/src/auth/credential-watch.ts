import { PeriodicTimer } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { SessionsService } from './sessions/sessions.service.js';

/** All watchers of a credential share the reading that its requests share. */
const LOOK_EVERY_MS = 400;

/** Tells when the credential of an answer that takes long, such as a stream or a wait, is none any more. */
@Injectable()
export class CredentialWatch {
  constructor(
    private readonly keys: ApiKeyVerifier,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Looks several times a second, until it is stopped, whether what the request has proved itself with still holds.
   *
   * @param onOver called once it is revoked or has expired, or once its session was signed out
   */
  start(request: FastifyRequest, onOver: () => void): PeriodicTimer {
    const watch = new PeriodicTimer('credential of an answer', LOOK_EVERY_MS, async () => {
      if (!(await this.holds(request))) onOver();
    });
    watch.start();
    return watch;
  }

  private async holds(request: FastifyRequest): Promise<boolean> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.keys.isStillValid(bearerOf(authorization) ?? '');
    const principal = await this.sessions.principalOf(this.sessions.cookieOf(request) ?? '');
    return principal !== null && principal !== 'forged';
  }
}
