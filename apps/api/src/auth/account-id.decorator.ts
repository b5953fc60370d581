import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { PrincipalRequest } from './principal.js';

/** Injects the id of the caller's account. */
export const AccountId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<PrincipalRequest>().principal.accountId,
);
