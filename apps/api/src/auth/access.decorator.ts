import { DiscoveryService } from '@nestjs/core';

/** Who may call a route. */
export type Access = 'public' | 'account';

/**
 * Declares who may call a route: `public`, or `account` for whoever brings an API key. A route without it
 * does not boot.
 */
export const AccessMetadata = DiscoveryService.createDecorator<Access>();

export const Public = () => AccessMetadata('public');
export const Authenticated = () => AccessMetadata('account');
