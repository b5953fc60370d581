import { withDeadline } from '@nexos/config';
import { type CacheRecord } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { diskUsage } from '../client/disk-usage.js';
import { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import { requestJson } from '../client/request-json.js';

const PRUNE_DEADLINE_MS = 120_000;
const RECORD_ID = /^[a-z0-9]{16,64}$/;
/** Describe a build context, uploaded or sent over the session. Its key is unique, so no other build reuses it. */
const CONTEXTS = ['http url http://build-context-', 'local source for '];

export interface BuildCacheRecord extends CacheRecord {
  readonly createdAt: Date;
  /** No later build can use it. */
  readonly isGarbage: boolean;
}

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemDataUsage */
interface RecordResponse {
  readonly ID: string;
  readonly Parent?: string;
  /** Replaces `Parent` from API 1.42 on. */
  readonly Parents?: readonly string[] | null;
  readonly Description: string;
  readonly InUse: boolean;
  readonly Shared: boolean;
  readonly Size: number;
  readonly CreatedAt: string;
  readonly LastUsedAt?: string | null;
}

/** BuildKit's cache on this engine, shared by all builds on it. Removes only the records it is given. */
@Injectable()
export class BuildCache {
  constructor(private readonly client: EngineClient) {}

  async records(signal: AbortSignal): Promise<BuildCacheRecord[]> {
    const usage = await diskUsage(this.client, 'build-cache', signal);
    const records = (usage.BuildCache ?? []) as readonly RecordResponse[];
    return records.map((record) => ({
      id: record.ID,
      parents: record.Parents ?? (record.Parent ? [record.Parent] : []),
      sizeBytes: record.Size,
      createdAt: new Date(record.CreatedAt),
      lastUsedAt: new Date(record.LastUsedAt ?? record.CreatedAt),
      isInUse: record.InUse,
      isShared: record.Shared,
      isGarbage: CONTEXTS.some((start) => record.Description.startsWith(start)),
    }));
  }

  /** Removes one record, unless it is in use, has children, or is a layer of an image. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    // Without a filter the engine would remove the whole cache.
    if (!RECORD_ID.test(id))
      throw new EngineError(`${JSON.stringify(id)} is not the id of a build cache record.`);
    const filters = JSON.stringify({ id: [id] });
    await requestJson(
      this.client,
      'POST',
      '/build/prune?',
      { filters },
      withDeadline(signal, PRUNE_DEADLINE_MS),
    );
  }
}
