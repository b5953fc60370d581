import { hasScope } from '@nexos/domain';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError } from '../http/problems/api-error.js';
import { AccessMetadata, type Access } from './access.decorator.js';
import type { PrincipalRequest } from './principal.js';
import { TrustedOrigins } from './trusted-origins.js';

/**
 * Refuses a caller who is known and may not do this. Comes after the guard that counts, so that what is refused is
 * counted too.
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
        'With a session, only our own pages may do this: Origin is another one.',
      );
    }
    const needed = access ?? 'admin';
    if (hasScope(principal.scopes, needed)) return true;
    throw new ApiError('insufficient-scope', `This needs an API key with the scope ${needed}.`);
  }
}
