import { type Scope } from '@nexos/domain';
import { DiscoveryService } from '@nestjs/core';

/** Who may call a route: anyone, or authenticated callers with that scope. */
export type Access = 'public' | Scope;

/** Declares who may call a route. The API does not start with a route that lacks it. */
export const AccessMetadata = DiscoveryService.createDecorator<Access>();

export const Public = () => AccessMetadata('public');

/** Restricts a route to callers with an API key, or a session, that has the scope. */
export const Authenticated = (scope: Scope) => AccessMetadata(scope);
