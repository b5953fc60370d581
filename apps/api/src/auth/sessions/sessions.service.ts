import { UnitOfWork } from '@nexos/database';
import { newId, SCOPES } from '@nexos/domain';
import { recordAudit, SessionsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Cookies } from '../cookies.js';
import type { Principal } from '../principal.js';
import { CredentialCache } from '../credential-cache.js';
import { SessionTokens } from './session-tokens.js';

const COOKIE = 'nexos_session';
const COOKIE_PATH = '/api';
const LIFETIME_SECONDS = 7 * 24 * 3_600;

/** A session as last read. */
interface StoredSession {
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Manages the sessions of signed-in browsers. */
@Injectable()
export class SessionsService {
  private readonly cache = new CredentialCache((id) => this.read(id));

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly tokens: SessionTokens,
    private readonly cookies: Cookies,
  ) {}

  /** Starts a session for an account; returns its id, and its cookie as a `Set-Cookie` header. */
  async begin(accountId: string): Promise<{ id: string; cookie: string }> {
    const id = newId('session');
    const expiresAt = new Date(Date.now() + LIFETIME_SECONDS * 1_000);
    await this.sessions.insert({ id, accountId, expiresAt });
    const token = this.tokens.sign(id, accountId, expiresAt);
    return { id, cookie: this.cookies.set(COOKIE, token, COOKIE_PATH, LIFETIME_SECONDS) };
  }

  cookieOf(request: FastifyRequest): string | undefined {
    return this.cookies.read(COOKIE, request);
  }

  /** Returns the principal of a session cookie; null if the session has ended, `forged` if we never signed it. */
  async principalOf(cookie: string): Promise<Principal | 'forged' | null> {
    const token = this.tokens.read(cookie);
    if (token === 'forged') return token;
    const session = token === 'expired' ? null : await this.cache.get(token.sessionId);
    return session === null || session.expiresAt <= Date.now() ? null : session.principal;
  }

  /** Ends a session and returns the `Set-Cookie` header that deletes its cookie. */
  async end(id: string): Promise<string> {
    await this.unitOfWork.run(async (transaction) => {
      // Of two requests at once, one ends it.
      if (await this.sessions.end(id)) await recordAudit(transaction, { action: 'session.end', subject: id });
      transaction.afterCommit(() => this.cache.forget(id));
    });
    return this.cookies.clear(COOKIE, COOKIE_PATH);
  }

  private async read(id: string): Promise<StoredSession | null> {
    const row = await this.sessions.findOpen(id);
    if (row === null) return null;
    const { accountId, expiresAt } = row;
    return {
      principal: { accountId, scopes: SCOPES, via: 'session', credentialId: id },
      expiresAt: expiresAt.getTime(),
    };
  }
}
