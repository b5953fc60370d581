import { Sealer, sealIdentity } from '@nexos/crypto';
import { IdempotencyKeysRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../problems/api-error.js';

/** An answer as it went over the wire. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for none. */
  readonly body: string | null;
}

/** Whose key it is, and what was asked with it. */
export interface KeyedRequest {
  readonly accountId: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** A row is deleted when its time has come, between our finding it and our reading it. */
const ATTEMPTS = 3;

/** What requests were answered that may be repeated under their key. Sealed: an answer may hold a new API key. */
@Injectable()
export class StoredResponses {
  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Claims the key for the running transaction. While another one has claimed it and has not ended, this waits; when
   * that one is rolled back, the key is ours.
   *
   * @returns the answer that was kept under the key; null when the key is claimed
   * @throws {ApiError} idempotency-key-reused, when something else was asked with it
   */
  async claim(request: KeyedRequest): Promise<StoredResponse | null> {
    const { accountId, key, fingerprint } = request;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await this.keys.claim(accountId, key, fingerprint)) return null;
      const row = await this.keys.find(accountId, key);
      if (row === null) continue;
      if (row.fingerprint !== fingerprint) {
        throw new ApiError('idempotency-key-reused', 'Use a new Idempotency-Key for another request.');
      }
      const identity = sealIdentity.idempotencyKey(accountId, key);
      return JSON.parse(this.sealer.open(row.response ?? '', identity)) as StoredResponse;
    }
    throw new Error('an idempotency key was deleted again and again while it was read');
  }

  /** Keeps the answer under the key that the running transaction has claimed. */
  async keep(request: KeyedRequest, answer: StoredResponse): Promise<void> {
    const { accountId, key } = request;
    const response = this.sealer.seal(JSON.stringify(answer), sealIdentity.idempotencyKey(accountId, key));
    await this.keys.keep(accountId, key, response);
  }
}
