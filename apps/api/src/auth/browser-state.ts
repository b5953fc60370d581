import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { UnsealError, type Sealer } from '@nexos/crypto';
import type { FastifyRequest } from 'fastify';
import type { Cookies } from './cookies.js';

/** Where a browser keeps what it has begun, and for how long. */
export interface BrowserStateOptions {
  readonly cookie: string;
  readonly path: string;
  readonly lifetimeSeconds: number;
  /** Distinguishes the encrypted cookies of different purposes. */
  readonly identity: string;
}

interface Kept<Value> {
  readonly state: string;
  readonly value: Value;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Binds what comes back from GitHub to the browser that was sent there: GitHub returns the `state`, and the browser
 * keeps the same in an encrypted cookie, with a value of ours.
 */
export class BrowserState<Value> {
  constructor(
    private readonly sealer: Sealer,
    private readonly cookies: Cookies,
    private readonly options: BrowserStateOptions,
  ) {}

  /** @returns the state for GitHub, and the `Set-Cookie` header */
  begin(value: Value): { state: string; cookie: string } {
    const { cookie, path, lifetimeSeconds, identity } = this.options;
    const state = randomBytes(32).toString('base64url');
    const kept: Kept<Value> = { state, value, expiresAt: Date.now() + lifetimeSeconds * 1_000 };
    const sealed = this.sealer.seal(JSON.stringify(kept), identity);
    return { state, cookie: this.cookies.set(cookie, sealed, path, lifetimeSeconds) };
  }

  /** Returns what this browser began with that state; null if it is unknown or expired. */
  resume(request: FastifyRequest, state: string): Value | null {
    const cookie = this.cookies.read(this.options.cookie, request);
    const kept = cookie === undefined ? null : this.open(cookie);
    if (kept === null || kept.expiresAt <= Date.now() || !isSame(kept.state, state)) return null;
    return kept.value;
  }

  /** Returns the `Set-Cookie` header that deletes it. */
  end(): string {
    return this.cookies.clear(this.options.cookie, this.options.path);
  }

  private open(cookie: string): Kept<Value> | null {
    try {
      return JSON.parse(this.sealer.open(cookie, this.options.identity)) as Kept<Value>;
    } catch (error) {
      if (error instanceof UnsealError) return null;
      throw error;
    }
  }
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
