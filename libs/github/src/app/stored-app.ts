import { Sealer, sealIdentity } from '@nexos/crypto';
import type { GithubAppEntity } from '@nexos/database';
import { GithubAppRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { CreatedApp } from './created-app.js';

/** The secrets of an App, as they are sealed. */
type AppSecrets = Pick<CreatedApp, 'privateKey' | 'webhookSecret' | 'clientId' | 'clientSecret'>;

/** Stores the GitHub App that was created through Nexos, with its secrets sealed. */
@Injectable()
export class StoredApp {
  constructor(
    private readonly apps: GithubAppRepository,
    private readonly sealer: Sealer,
  ) {}

  /** Returns the stored App, still sealed; null without one. */
  find(): Promise<GithubAppEntity | null> {
    return this.apps.find();
  }

  /** @throws {UnsealError} when no configured key decrypts the secrets */
  open({ appId, sealedCredentials }: GithubAppEntity): AppSecrets {
    return JSON.parse(this.sealer.open(sealedCredentials, sealIdentity.githubApp(appId))) as AppSecrets;
  }

  /**
   * Stores an App, unless one is stored; returns whether it was.
   *
   * @param createdBy the operator's account
   */
  insert({ id, slug, name, htmlUrl, ...secrets }: CreatedApp, createdBy: string): Promise<boolean> {
    const { privateKey, webhookSecret, clientId, clientSecret } = secrets;
    const text = JSON.stringify({ privateKey, webhookSecret, clientId, clientSecret } satisfies AppSecrets);
    const appId = String(id);
    const sealedCredentials = this.sealer.seal(text, sealIdentity.githubApp(appId));
    return this.apps.insert({ appId, slug, name, htmlUrl, sealedCredentials, createdBy });
  }

  /** Deletes the stored App; returns whether there was one. */
  delete(): Promise<boolean> {
    return this.apps.delete();
  }
}
