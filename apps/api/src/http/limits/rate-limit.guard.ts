import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { RateLimits } from './rate-limits.js';

/**
 * Enforces the rate limit of each caller and reports what is left
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-03). Runs after authentication; does not
 * limit public routes.
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
      `The limit of ${limit} requests per minute is exceeded. Try again in ${resetSeconds} s.`,
    );
  }
}
