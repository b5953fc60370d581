import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { RateLimits } from './rate-limits.js';

/**
 * Lets a caller do so much and no more, and tells how much is left
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-03). Comes after the guard that finds out
 * who calls; a route that anybody may call is not limited by it.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { principal } = http.getRequest<Partial<PrincipalRequest>>();
    if (principal === undefined) return true;
    const reply = http.getResponse<FastifyReply>();
    const { allowed, limit, remaining, resetSeconds } = this.limits.take(principal.credentialId);
    void reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', remaining)
      .header('ratelimit-reset', resetSeconds);
    if (allowed) return true;
    void reply.header('retry-after', resetSeconds);
    throw new ApiError(
      'too-many-requests',
      `${limit} requests a minute are allowed; there will be more in ${resetSeconds} s.`,
    );
  }
}
