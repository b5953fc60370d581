import { type Scope } from '@nexos/domain';
import { DiscoveryService } from '@nestjs/core';

/** Who may call a route: anybody, or whoever proves to be of an account and has that scope. */
export type Access = 'public' | Scope;

/**
 * Declares who may call a route. A route without it does not boot.
 */
export const AccessMetadata = DiscoveryService.createDecorator<Access>();

export const Public = () => AccessMetadata('public');

/** For whoever belongs to an account and brings a key, or a session, of that scope. */
export const Authenticated = (scope: Scope) => AccessMetadata(scope);
