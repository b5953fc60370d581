import { Sealer, UnsealError } from '@nexos/crypto';
import { Injectable } from '@nestjs/common';
import { refused } from '../http/problems/api-error.js';

/**
 * Cursors of the list of repositories. They are encrypted, since a page may end with a repository that the account may
 * not see.
 */
@Injectable()
export class RepositoryCursors {
  constructor(private readonly sealer: Sealer) {}

  /** Returns a cursor that only this account can use. */
  seal(repositoryId: string, accountId: string): string {
    return this.sealer.seal(repositoryId, identityOf(accountId));
  }

  /**
   * Returns the id in a cursor.
   *
   * @throws {ApiError} validation, for a cursor of another list or account
   */
  open(cursor: string, accountId: string): string {
    try {
      return this.sealer.open(cursor, identityOf(accountId));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      throw refused([{ field: 'cursor', message: 'must be a cursor of this list' }]);
    }
  }
}

function identityOf(accountId: string): string {
  return `github-repositories/${accountId}`;
}
