import { UnsealError } from '@nexos/crypto';
import { GithubConfig } from '@nexos/config';
import type { GithubAppEntity } from '@nexos/database';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { type AppCredentials, credentialsOf } from '../github-app.js';
import { StoredApp } from './stored-app.js';
import { UnreadableAppError } from './unreadable-app.error.js';

/** How soon the stored App is read again, in milliseconds. A process notices within that time that it has changed. */
const REREAD_MS = 30_000;

/**
 * Provides the credentials of the GitHub App: those of the environment variables, otherwise those of the App that was
 * created through Nexos. Processes that run notice when one is stored or forgotten.
 */
@Injectable()
export class ConfiguredApp {
  private readonly logger = new Logger(ConfiguredApp.name);
  private readonly fromEnvironment: AppCredentials | null;
  /** The stored App as last read, with the sealed text that it was opened from. */
  private known: { readonly sealed: string; readonly app: AppCredentials | UnreadableAppError } | null = null;
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  /**
   * @param stored absent where only environment variables count
   * @throws {TypeError} when the private key of the environment is invalid
   */
  constructor(
    private readonly github: GithubConfig,
    @Optional() private readonly stored?: StoredApp,
  ) {
    this.fromEnvironment = credentialsOf(github);
  }

  /** Whether the App is the one of the environment variables. */
  get isFromEnvironment(): boolean {
    return this.fromEnvironment !== null;
  }

  /** Whether there is an App whose webhook Nexos accepts, as far as this process knows without waiting. */
  get hasWebhook(): boolean {
    if (!this.isKnown) return false;
    if (this.fromEnvironment !== null) return this.github.webhookSecrets.length > 0;
    const app = this.known?.app;
    return !(app && !(app instanceof UnreadableAppError) && app.stored?.webhookSecret === null);
  }

  /** Whether there is an App, as far as this process knows without waiting; what it knows is renewed afterwards. */
  get isKnown(): boolean {
    if (this.fromEnvironment !== null) return true;
    this.read().catch((error: unknown) => {
      this.logger.warn(`the stored GitHub App could not be read: ${(error as Error).message}`);
    });
    return this.known !== null;
  }

  /**
   * Returns whether there is an App, though its credentials may be unreadable.
   *
   * @throws when the database does not answer, and it is not known whether an App is stored
   */
  async exists(): Promise<boolean> {
    if (this.fromEnvironment !== null) return true;
    await this.readUnlessKnown();
    return this.known !== null;
  }

  /**
   * Returns the App's credentials; null without an App. The same object as long as they do not change, so that others can
   * keep what they derive from it. Queries the database at most every 30 s.
   *
   * @throws {UnreadableAppError} when an App is stored whose credentials no configured key decrypts
   * @throws when the database does not answer, and it is not known whether an App is stored
   */
  async find(): Promise<AppCredentials | null> {
    if (this.fromEnvironment !== null) return this.fromEnvironment;
    await this.readUnlessKnown();
    const app = this.known?.app ?? null;
    if (app instanceof UnreadableAppError) throw app;
    return app;
  }

  /** Whether an account may only deploy repositories that GitHub confirmed it may use. */
  async requiresConnection(): Promise<boolean> {
    const { repositories, requiresConnection } = this.github;
    return repositories === undefined ? this.exists() : requiresConnection;
  }

  /**
   * Whether projects move only to installations that their accounts have. Unlike `requiresConnection`, this does not depend
   * on whether there is an App now: what GitHub confirmed outlasts an App that is forgotten or cannot be read for a while.
   */
  get keepsConnections(): boolean {
    return this.github.repositories !== 'any';
  }

  /** Has the next call read the stored App again, after this process has changed it. */
  forget(): void {
    this.readAt = -Infinity;
    this.reading = undefined;
  }

  /** If the database does not answer, the App that is known stays in use. */
  private async readUnlessKnown(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (this.known === null) throw error;
      this.logger.warn(`the stored GitHub App could not be read again: ${(error as Error).message}`);
    }
  }

  /** Reads the stored App if that was long ago; concurrent callers share the query. */
  private async read(): Promise<void> {
    const { stored } = this;
    if (stored === undefined || Date.now() - this.readAt < REREAD_MS) return;
    if (this.reading === undefined) {
      const startedAt = Date.now();
      const reading: Promise<void> = stored
        .find()
        .then((row) => {
          // A read that began before a change must not hide it.
          if (this.reading !== reading) return;
          this.remember(row, stored);
          this.readAt = startedAt;
        })
        .finally(() => {
          if (this.reading === reading) this.reading = undefined;
        });
      this.reading = reading;
    }
    await this.reading;
  }

  private remember(row: GithubAppEntity | null, stored: StoredApp): void {
    if (row === null) this.known = null;
    else if (this.known?.sealed !== row.sealedCredentials) {
      this.known = { sealed: row.sealedCredentials, app: this.open(row, stored) };
    }
  }

  private open(row: GithubAppEntity, stored: StoredApp): AppCredentials | UnreadableAppError {
    try {
      const { privateKey, webhookSecret, clientId, clientSecret } = stored.open(row);
      return {
        appId: row.appId,
        privateKey,
        baseUrl: this.github.apiUrl.replace(/\/+$/, ''),
        stored: { slug: row.slug, htmlUrl: row.htmlUrl, webhookSecret, clientId, clientSecret },
      };
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      // Not null: without an App, nobody could be asked who may use a repository, and everybody would have all of them.
      this.logger.error(`The stored GitHub App cannot be used: ${error.message}`);
      return new UnreadableAppError(error);
    }
  }
}
