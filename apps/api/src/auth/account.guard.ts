import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/problems/api-error.js';
import { AccessMetadata, type Access } from './access.decorator.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { TooManyChecksError } from './api-keys/secret-checks.js';
import { bearerOf } from './bearer.js';
import { FailedAttempts } from './failed-attempts.js';
import type { Principal, PrincipalRequest } from './principal.js';
import { SessionsService } from './sessions/sessions.service.js';
import { unauthenticated } from './unauthenticated.js';

/**
 * Finds out who calls: lets a request through if the route is public, or if it brings an API key, or the cookie of a
 * session. With an `Authorization` header, that alone is looked at.
 */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeyVerifier,
    private readonly sessions: SessionsService,
    private readonly failures: FailedAttempts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access: Access | undefined = this.reflector.getAllAndOverride(AccessMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<PrincipalRequest>();
    const reply = http.getResponse<FastifyReply>();
    request.principal =
      request.headers.authorization === undefined
        ? await this.bySession(request, reply)
        : await this.byKey(request.headers.authorization, request, reply);
    return true;
  }

  private async byKey(header: string, request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const key = bearerOf(header);
    if (key === undefined) {
      throw unauthenticated(reply, 'Send an API key: Authorization: Bearer nxs_…');
    }
    const principal = await this.keys
      .principalOf(key, () => this.failures.refuseBlocked(request, reply))
      .catch((error: unknown) => {
        throw error instanceof TooManyChecksError ? tooManyChecks(reply) : error;
      });
    if (principal !== null) return principal;
    await this.failures.count(request, reply);
    throw unauthenticated(reply, 'This API key is not valid: it was never made, or revoked, or has expired.');
  }

  private async bySession(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const cookie = this.sessions.cookieOf(request);
    if (cookie === undefined) {
      throw unauthenticated(reply, 'Send an API key: Authorization: Bearer nxs_…');
    }
    const principal = await this.sessions.principalOf(cookie);
    if (principal === 'forged') {
      this.failures.refuseBlocked(request, reply);
      await this.failures.count(request, reply);
    }
    if (principal === null || principal === 'forged') {
      throw unauthenticated(reply, 'The session is over; sign in again at /api/auth/github.');
    }
    return principal;
  }
}

function tooManyChecks(reply: FastifyReply): ApiError {
  void reply.header('retry-after', '1');
  return new ApiError('too-many-requests', 'Too many secrets are tried on this API key at once.');
}
