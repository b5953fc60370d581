import { type GithubAppManifestEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

export type NewAppManifest = Pick<
  GithubAppManifestEntity,
  'stateHash' | 'accountId' | 'name' | 'organization'
>;

/** A request that has not expired, by an account that still is an operator. */
export type OpenAppManifest = Pick<
  GithubAppManifestEntity,
  'accountId' | 'name' | 'organization' | 'codeHash' | 'finishedAt'
>;

/**
 * What a claim led to:
 * - `claimed`: the code is the caller's to exchange;
 * - `busy`: another request exchanges it;
 * - `finished`: the App of this code is stored;
 * - `replayed`: the state came with another code before;
 * - `unknown`: the state is unknown or has expired, or its account is no operator any more.
 */
export type ManifestClaim = 'claimed' | 'busy' | 'finished' | 'replayed' | 'unknown';

/** Requests of operators to create the GitHub App from a manifest. */
@Injectable()
export class AppManifestsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Records a request, and deletes expired ones; returns when it expires. */
  async insert(manifest: NewAppManifest, lifetimeMs: number): Promise<Date> {
    const { manager } = this.unitOfWork;
    await manager.query('DELETE FROM github_app_manifests WHERE expires_at <= now()');
    const [row] = await manager.query<{ expiresAt: Date }[]>(
      `INSERT INTO github_app_manifests (state_hash, account_id, name, organization, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5 / 1000.0)) RETURNING expires_at AS "expiresAt"`,
      [manifest.stateHash, manifest.accountId, manifest.name, manifest.organization, lifetimeMs],
    );
    if (row === undefined) throw new Error('an insert returned no row');
    return row.expiresAt;
  }

  async find(stateHash: string): Promise<OpenAppManifest | null> {
    const [row] = await this.unitOfWork.manager.query<OpenAppManifest[]>(
      `SELECT manifest.account_id AS "accountId", manifest.name, manifest.organization,
         manifest.code_hash AS "codeHash", manifest.finished_at AS "finishedAt"
       FROM github_app_manifests manifest JOIN accounts account ON account.id = manifest.account_id
       WHERE manifest.state_hash = $1 AND manifest.expires_at > now() AND account.is_operator`,
      [stateHash],
    );
    return row ?? null;
  }

  /** Has one caller exchange the code of a request; binds the request to the first code that it comes with. */
  async claim(stateHash: string, codeHash: string, forMs: number): Promise<ManifestClaim> {
    const [claimed] = await this.unitOfWork.manager.query<[unknown[], number]>(
      `UPDATE github_app_manifests SET code_hash = $2, claimed_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE state_hash = $1 AND expires_at > now() AND finished_at IS NULL
         AND (code_hash IS NULL OR code_hash = $2) AND (claimed_until IS NULL OR claimed_until <= now())
         AND EXISTS (SELECT FROM accounts WHERE accounts.id = account_id AND is_operator)
       RETURNING state_hash`,
      [stateHash, codeHash, forMs],
    );
    if (claimed.length === 1) return 'claimed';
    const found = await this.find(stateHash);
    if (found === null) return 'unknown';
    if (found.codeHash !== codeHash) return found.codeHash === null ? 'busy' : 'replayed';
    return found.finishedAt === null ? 'busy' : 'finished';
  }

  /** Lets the next request exchange the code at once. */
  async release(stateHash: string): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE github_app_manifests SET claimed_until = NULL WHERE state_hash = $1 AND finished_at IS NULL',
      [stateHash],
    );
  }

  /** Ends a claimed request, whose App is stored in the same transaction. */
  async finish(stateHash: string): Promise<void> {
    await this.unitOfWork.manager.query(
      'UPDATE github_app_manifests SET finished_at = now(), claimed_until = NULL WHERE state_hash = $1',
      [stateHash],
    );
  }
}
