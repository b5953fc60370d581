import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { PrincipalRequest } from './principal.js';

/** The account that the caller belongs to. */
export const AccountId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<PrincipalRequest>().principal.accountId,
);
