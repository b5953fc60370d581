import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditAction } from '@nexos/domain';

/** Where a request came from, and who makes it. */
export interface RequestOrigin {
  readonly address: string;
  readonly requestId: string;
  /** Null for a public route. */
  readonly caller: {
    readonly accountId: string;
    /** The id of the API key or session. */
    readonly credentialId: string;
    /** The name of the API key. */
    readonly name: string | null;
  } | null;
  /** The actions that the route declares. */
  readonly writes: readonly AuditAction[];
}

const current = new AsyncLocalStorage<RequestOrigin>();

/** Runs `work` as part of a request, so that the audit log names its origin. */
export function withRequestOrigin<T>(origin: RequestOrigin, work: () => T): T {
  return current.run(origin, work);
}

/** Returns the origin of the current request; undefined outside of requests. */
export function requestOrigin(): RequestOrigin | undefined {
  return current.getStore();
}

/** Returns the columns that tell where a change by that actor came from. */
export function originColumns(actor: string): {
  readonly actorName: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
} {
  const origin = requestOrigin();
  const isCaller = origin?.caller?.credentialId === actor;
  return {
    actorName: isCaller ? origin.caller.name : null,
    address: origin?.address ?? null,
    requestId: origin?.requestId ?? null,
  };
}
