import { type CacheRecord } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import { readJsonLines } from '../client/json-lines.js';

/** Before API 1.42 the engine measures its volumes too, whatever it is asked for. */
const LIST_DEADLINE_MS = 300_000;
const PRUNE_DEADLINE_MS = 120_000;
const RECORD_ID = /^[a-z0-9]{16,64}$/;
/** A build context as it came over the wire, under a name that no other build asks for. */
const CONTEXT = 'http url http://build-context-';

export interface BuildCacheRecord extends CacheRecord {
  readonly createdAt: Date;
  /** No later build can use it. */
  readonly isGarbage: boolean;
}

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemDataUsage */
interface RecordResponse {
  readonly ID: string;
  readonly Parent?: string;
  /** In place of `Parent` from API 1.42 on. */
  readonly Parents?: readonly string[] | null;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt?: string | null;
}

/** BuildKit's cache on this engine, which all who build on it share. Only what is named is ever removed from it. */
@Injectable()
export class BuildCache {
  constructor(private readonly client: EngineClient) {}

  /** @throws {EngineRejectedError} when the engine is asked by somebody else at the moment */
  async records(signal: AbortSignal): Promise<BuildCacheRecord[]> {
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(LIST_DEADLINE_MS)]);
    const answer = await this.answerTo('GET', '/system/df?', { type: 'build-cache' }, abortSignal);
    const records = (answer.BuildCache ?? []) as readonly RecordResponse[];
    return records.map((record) => ({
      id: record.ID,
      parents: record.Parents ?? (record.Parent ? [record.Parent] : []),
      sizeBytes: record.Size,
      createdAt: new Date(record.CreatedAt),
      lastUsedAt: new Date(record.LastUsedAt ?? record.CreatedAt),
      isInUse: record.InUse,
      isShared: record.Shared,
      isGarbage: record.Description.startsWith(CONTEXT),
    }));
  }

  /** Removes one record, unless it is in use, lies below another one, or is a layer of an image. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    // Without a filter the engine would remove all that is there.
    if (!RECORD_ID.test(id)) throw new EngineError('This is not the id of a record of the build cache.');
    const filters = JSON.stringify({ id: [id] });
    await this.answerTo(
      'POST',
      '/build/prune?',
      { filters },
      AbortSignal.any([signal, AbortSignal.timeout(PRUNE_DEADLINE_MS)]),
    );
  }

  /** dockerode passes on no query of these two. */
  private async answerTo(
    method: 'GET' | 'POST',
    path: string,
    query: Record<string, string>,
    abortSignal: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const stream = await this.client.open({
      method,
      path,
      options: method === 'GET' ? query : { _query: query, _body: {} },
      abortSignal,
    });
    for await (const answer of readJsonLines(stream)) return answer;
    throw new EngineError('The container engine gave no answer.');
  }
}
