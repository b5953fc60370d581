import { type Scope } from '@nexos/domain';
import type { FastifyRequest } from 'fastify';

/** The authenticated caller of a request. */
export interface Principal {
  readonly accountId: string;
  readonly scopes: readonly Scope[];
  readonly via: 'api-key' | 'session';
  /** Id of the API key or the session; rate limits count by it. */
  readonly credentialId: string;
  /** The projects that the API key is limited to; undefined for all of the account. */
  readonly projectIds?: readonly string[];
  /** When the API key expires; undefined for never, and for sessions. */
  readonly expiresAt?: Date;
  /** The name of the API key. */
  readonly name?: string;
}

/** An authenticated request. */
export interface PrincipalRequest extends FastifyRequest {
  principal: Principal;
}
