import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccountRequest } from './account.guard.js';

/** The account that the caller's API key belongs to. */
export const AccountId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<AccountRequest>().accountId,
);
