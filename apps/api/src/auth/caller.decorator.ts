import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal, PrincipalRequest } from './principal.js';

/** The principal that makes the request. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal =>
    context.switchToHttp().getRequest<PrincipalRequest>().principal,
);
