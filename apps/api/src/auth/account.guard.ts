import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/problems/api-error.js';
import { isOpenedByBrowsers } from '../http/problems/problem-page.js';
import { AccessMetadata, type Access } from './access.decorator.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { TooManyChecksError } from './api-keys/secret-checks.js';
import { bearerOf } from './bearer.js';
import { clientOf } from './client-address.js';
import { FailedAttempts } from './failed-attempts.js';
import type { Principal, PrincipalRequest } from './principal.js';
import { SessionsService } from './sessions/sessions.service.js';
import { unauthenticated } from './unauthenticated.js';

/**
 * Authenticates the caller by API key or by session cookie; lets requests to public routes through. If the request has
 * an `Authorization` header, the cookie is ignored.
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
      throw unauthenticated(reply, 'The request has no API key. Send one: Authorization: Bearer nxs_…');
    }
    const principal = await this.keys.principalOf(key, clientOf(request)).catch((error: unknown) => {
      throw error instanceof TooManyChecksError ? tooManyChecks(reply) : error;
    });
    // A right key is admitted from a blocked address too, which others may share.
    if (principal !== null) return principal;
    this.failures.refuseBlocked(request, reply);
    await this.failures.count(request, reply);
    throw unauthenticated(
      reply,
      'The API key is unknown, revoked or expired. Check the key, or create a new one.',
    );
  }

  private async bySession(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const cookie = this.sessions.cookieOf(request);
    if (cookie === undefined) {
      throw unauthenticated(
        reply,
        isOpenedByBrowsers(request)
          ? 'You are not signed in. Sign in at /api/auth/github, and open this page again.'
          : 'The request has no API key. Send one: Authorization: Bearer nxs_…',
      );
    }
    const principal = await this.sessions.principalOf(cookie);
    if (principal === 'forged') {
      this.failures.refuseBlocked(request, reply);
      await this.failures.count(request, reply);
    }
    if (principal === null || principal === 'forged') {
      throw unauthenticated(
        reply,
        'The session has ended or is not valid. Sign in again at /api/auth/github.',
      );
    }
    return principal;
  }
}

function tooManyChecks(reply: FastifyReply): ApiError {
  void reply.header('retry-after', '1');
  return new ApiError(
    'too-many-requests',
    'Too many API keys are being checked for the first time at once. Try again in a second.',
  );
}
