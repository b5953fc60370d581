import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../problems/api-error.js';
import { AccessMetadata } from './access.decorator.js';
import { ApiKeysService } from './api-keys.service.js';

/** A request whose caller is known. */
export interface AccountRequest extends FastifyRequest {
  accountId: string;
}

const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/i;

/** Lets a request through if the route is public, or if it brings the API key of an account. */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride(AccessMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AccountRequest>();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ApiError('unauthenticated', 'Send an API key: Authorization: Bearer nxs_…');
    }
    const accountId = await this.keys.accountOf(token);
    if (accountId === null) throw new ApiError('unauthenticated', 'This API key is not valid.');
    request.accountId = accountId;
    return true;
  }
}
