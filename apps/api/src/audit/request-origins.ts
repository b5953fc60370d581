import type { RequestOrigin } from '@nexos/state';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { clientAddress } from '../auth/client-address.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { WritesMetadata } from './writes.decorator.js';

/** Describes where requests come from, for the audit log. */
@Injectable()
export class RequestOrigins {
  constructor(private readonly reflector: Reflector) {}

  of(context: ExecutionContext): RequestOrigin {
    const request = context.switchToHttp().getRequest<PrincipalRequest>();
    const { principal } = request as Partial<PrincipalRequest>;
    const targets = [context.getHandler(), context.getClass()];
    const writes: RequestOrigin['writes'] | undefined = this.reflector.getAllAndOverride(
      WritesMetadata,
      targets,
    );
    return {
      address: clientAddress(request),
      requestId: request.id,
      caller: principal === undefined ? null : { ...principal, name: principal.name ?? null },
      writes: writes ?? [],
    };
  }
}
