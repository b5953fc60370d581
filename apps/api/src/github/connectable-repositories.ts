import { mayConnect } from '@nexos/domain';
import { type GithubAccess, type GithubIdentity, GithubRequestError } from '@nexos/github';
import { AccountsRepository, RepositoryAccessRepository, type RepositoryCandidate } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { RepositoriesQuery } from './dto/repositories-query.dto.js';
import { GithubAvailability } from './github-availability.js';
import { RepositoryCursors } from './repository-cursors.js';

/** Repositories that one request asks GitHub about, and how many of them at the same time. */
const MAX_CHECKS = 40;
const CONCURRENT_CHECKS = 8;
/** Repositories that one request reads from the database. */
const MAX_CANDIDATES = 500;

/** A part of the list. */
export interface RepositoriesPage {
  readonly rows: readonly RepositoryCandidate[];
  /** Where the next page begins; null on the last one. */
  readonly cursor: string | null;
}

/** The rows that were selected, and the id of the last candidate that was looked at. */
interface Selection {
  readonly rows: readonly RepositoryCandidate[];
  readonly last: string | null;
}

/** Lists the repositories that an account can connect. */
@Injectable()
export class ConnectableRepositories {
  constructor(
    private readonly availability: GithubAvailability,
    private readonly accounts: AccountsRepository,
    private readonly access: RepositoryAccessRepository,
    private readonly cursors: RepositoryCursors,
  ) {}

  /**
   * Returns a page, newest first. It has fewer rows than `limit` if it would need more of GitHub's answers than one
   * request may ask for; the next page goes on from there.
   *
   * @throws {ApiError} validation, for a foreign cursor; service-unavailable, while GitHub does not answer
   */
  async page(accountId: string, { query = '', limit, cursor }: RepositoriesQuery): Promise<RepositoriesPage> {
    const before = cursor === undefined ? null : this.cursors.open(cursor, accountId);
    const account = await this.accounts.get(accountId);
    const found = await this.access.candidates(account, query, { limit: MAX_CANDIDATES + 1, before });
    const candidates = found.slice(0, MAX_CANDIDATES);
    const { githubId, githubLogin } = account;
    const { rows, last } =
      githubId === null || githubLogin === null
        ? { rows: candidates.slice(0, limit), last: candidates.slice(0, limit).at(-1)?.id ?? null }
        : await this.availability.ask(accountId, (github, signal) =>
            this.select(candidates, limit, (unknown) =>
              this.ask(github, signal, accountId, { id: githubId, login: githubLogin }, unknown),
            ),
          );
    const isLast = last === null || last === found.at(-1)?.id;
    return { rows, cursor: isLast ? null : this.cursors.seal(last, accountId) };
  }

  /** Selects the first candidates that the account can connect. */
  private async select(
    candidates: readonly RepositoryCandidate[],
    limit: number,
    ask: (unknown: readonly RepositoryCandidate[]) => Promise<readonly RepositoryCandidate[]>,
  ): Promise<Selection> {
    const rows: RepositoryCandidate[] = [];
    let last: string | null = null;
    let checks = 0;
    for (let from = 0; from < candidates.length; from += CONCURRENT_CHECKS) {
      const chunk = candidates.slice(from, from + CONCURRENT_CHECKS);
      const unknown = chunk.filter(({ permission }) => permission === null);
      checks += unknown.length;
      if (checks > MAX_CHECKS) break;
      let answered: readonly RepositoryCandidate[];
      try {
        answered = unknown.length === 0 ? [] : await ask(unknown);
      } catch (error) {
        // The page ends here, and the next one reports that GitHub does not answer.
        if (error instanceof GithubRequestError && rows.length > 0) break;
        throw error;
      }
      const byId = new Map(answered.map((one) => [one.id, one]));
      for (const candidate of chunk) {
        last = candidate.id;
        const { isPrivate, permission } = byId.get(candidate.id) ?? candidate;
        if (permission !== null && mayConnect({ isPrivate, permission })) rows.push(candidate);
        if (rows.length === limit) return { rows, last };
      }
    }
    return { rows, last };
  }

  /** Asks GitHub what the user may do in each repository, and records the answers. */
  private async ask(
    github: GithubAccess,
    signal: AbortSignal,
    accountId: string,
    user: GithubIdentity,
    unknown: readonly RepositoryCandidate[],
  ): Promise<RepositoryCandidate[]> {
    const answered = await Promise.all(
      unknown.map(async (one) => ({ ...one, permission: await github.permissionOf(user, one, signal) })),
    );
    const answers = answered.map(({ id: repositoryId, permission }) => ({ repositoryId, permission }));
    await this.access.record(accountId, answers);
    return answered;
  }
}
