import { hasScope } from '@nexos/domain';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError } from '../http/problems/api-error.js';
import { AccessMetadata, type Access } from './access.decorator.js';
import type { PrincipalRequest } from './principal.js';
import { TrustedOrigins } from './trusted-origins.js';

/**
 * Refuses authenticated callers that lack permission. Runs after the rate limit guard, so that refused requests count
 * too.
 */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly origins: TrustedOrigins,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access: Access | undefined = this.reflector.getAllAndOverride(AccessMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const { principal, method, headers } = context.switchToHttp().getRequest<PrincipalRequest>();
    if (principal.via === 'session' && !this.origins.allow(method, headers.origin)) {
      throw new ApiError(
        'forbidden',
        'The session cookie was sent from another origin. Send the request from the dashboard, or use an API key.',
      );
    }
    const needed = access ?? 'admin';
    if (hasScope(principal.scopes, needed)) return true;
    throw new ApiError(
      'insufficient-scope',
      `This request needs the scope ${needed}. Use an API key that has it.`,
    );
  }
}
