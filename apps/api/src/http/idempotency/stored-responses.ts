import { Sealer, sealIdentity } from '@nexos/crypto';
import { IdempotencyKeysRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../problems/api-error.js';

/** A response as it was sent. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null if there was none. */
  readonly body: string | null;
}

/** An idempotency key, its account, and the request that was sent with it. */
export interface KeyedRequest {
  readonly accountId: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** More than one, since an expired row may be deleted between the failed claim and the read. */
const ATTEMPTS = 3;

/** Stores the responses to requests with an idempotency key. Seals them, since a response may hold a new API key. */
@Injectable()
export class StoredResponses {
  constructor(
    private readonly keys: IdempotencyKeysRepository,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Claims the key for the running transaction. Waits while another transaction holds the claim, and takes it over if
   * that one is rolled back.
   *
   * @returns the response stored under the key; null if the key is now claimed
   * @throws {ApiError} idempotency-key-reused, when the key was used for a different request
   */
  async claim(request: KeyedRequest): Promise<StoredResponse | null> {
    const { accountId, key, fingerprint } = request;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await this.keys.claim(accountId, key, fingerprint)) return null;
      const row = await this.keys.find(accountId, key);
      if (row === null) continue;
      if (row.fingerprint !== fingerprint) {
        throw new ApiError(
          'idempotency-key-reused',
          'This Idempotency-Key was already used for a different request. Use a new one.',
        );
      }
      const identity = sealIdentity.idempotencyKey(accountId, key);
      return JSON.parse(this.sealer.open(row.response ?? '', identity)) as StoredResponse;
    }
    throw new Error('an idempotency key was repeatedly deleted while it was read');
  }

  /** Stores the response under the key that the running transaction has claimed. */
  async keep(request: KeyedRequest, answer: StoredResponse): Promise<void> {
    const { accountId, key } = request;
    const response = this.sealer.seal(JSON.stringify(answer), sealIdentity.idempotencyKey(accountId, key));
    await this.keys.keep(accountId, key, response);
  }
}
