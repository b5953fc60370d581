import { type Scope } from '@nexos/domain';
import type { FastifyRequest } from 'fastify';

/** Who makes a request. */
export interface Principal {
  readonly accountId: string;
  readonly scopes: readonly Scope[];
  readonly via: 'api-key' | 'session';
  /** Of the API key or the session: what limits are counted by. */
  readonly credentialId: string;
}

/** A request whose caller is known. */
export interface PrincipalRequest extends FastifyRequest {
  principal: Principal;
}
