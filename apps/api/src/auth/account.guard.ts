import { hasScope } from '@nexos/domain';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError } from '../problems/api-error.js';
import { AccessMetadata, type Access } from './access.decorator.js';
import { ApiKeysService } from './api-keys.service.js';
import type { PrincipalRequest } from './principal.js';

const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/i;

/** Lets a request through if the route is public, or if it brings an API key of the scope that it needs. */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access: Access | undefined = this.reflector.getAllAndOverride(AccessMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<PrincipalRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ApiError('unauthenticated', 'Send an API key: Authorization: Bearer nxs_…');
    }
    const principal = await this.keys.principalOf(token);
    if (principal === null) throw new ApiError('unauthenticated', 'This API key is not valid.');
    if (access === undefined || !hasScope(principal.scopes, access)) {
      throw new ApiError('insufficient-scope', `This needs an API key with the scope ${access ?? 'admin'}.`);
    }
    request.principal = principal;
    return true;
  }
}
