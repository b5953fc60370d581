import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { BatchLoader } from '@nexos/database';
import { forkBranch } from '@nexos/domain';
import { type DeliveredMove, installationKey, MalformedPayloadError, readDelivery } from '@nexos/github';
import { Metrics } from '@nexos/observability';
import { DeliveriesRepository, type NewDelivery, requestOrigin } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { ApiError } from '../http/problems/api-error.js';
import type { ReceiptResponse } from './receipt.response.js';

/** Two statements run concurrently, so that one that waits for the disk does not block all deliveries. */
const INSERT_BATCHES = { concurrency: 2, items: 100 };
/** The fastest level, which already shrinks JSON bodies to a quarter. */
const COMPRESSION = { level: 1 };
/** Larger bodies are compressed off the event loop. */
const MAX_SYNC_COMPRESSION_BYTES = 256 * 1024;
const compress = promisify(gzip);

/** One verified delivery. */
export interface GithubDelivery {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  /** The bytes that were signed. */
  readonly raw: Buffer;
  /** The project whose own webhook it came through; null for the webhook of the installation. */
  readonly project: { readonly id: string; readonly repositoryKey: string } | null;
}

/**
 * Accepts webhook deliveries. Stores each with the job that processes it before responding. Does not store the body of an
 * event that Nexos does not act on: it may hold anything, and nothing ever reads it. A delivery through the webhook of a
 * project about another repository is not acted on either, since anyone with that project's secret can sign it.
 */
@Injectable()
export class GithubWebhooksService {
  private readonly logger = new Logger(GithubWebhooksService.name);
  private readonly inserts: BatchLoader<NewDelivery, boolean>;

  constructor(
    deliveries: DeliveriesRepository,
    private readonly metrics: Metrics,
  ) {
    this.inserts = new BatchLoader((some) => deliveries.accept(some), INSERT_BATCHES);
  }

  /** @throws {ApiError} validation, for an event without the required fields that Nexos acts on */
  async receive({ id, event, payload, raw, project }: GithubDelivery): Promise<ReceiptResponse> {
    const delivered = read(event, payload);
    const { repository, ignoredReason } = delivered;
    const isOther = project !== null && repository?.toLowerCase() !== project.repositoryKey;
    const refusal = ignoredReason === 'event' ? 'event' : isOther ? 'other_repository' : null;
    const body = refusal === null ? await compressed(raw) : null;
    const { address = null, requestId = null } = requestOrigin() ?? {};
    const isNew = await this.inserts.load({
      address,
      requestId,
      id,
      event,
      repository,
      key: delivered.installation && installationKey(delivered.installation.installationId),
      projectId: project?.id ?? null,
      ...headOf(delivered),
      ignoredReason: refusal,
      body,
    });
    const outcome = isNew ? 'accepted' : 'duplicate';
    this.metrics.webhooks.inc({ event: event === 'push' || event === 'delete' ? event : 'other', outcome });
    this.logger.debug(`delivery ${id}: ${event} of ${repository ?? 'no repository'}, ${outcome}`);
    return { delivery: id, outcome };
  }
}

/** Returns the branch that a delivery is about. The branch of a fork is not one of the repository. */
function headOf({
  move,
  pullRequest,
  repositoryId,
  checks,
  review,
}: DeliveredMove): Pick<NewDelivery, 'branch' | 'commitSha'> {
  if (checks !== null) return { branch: null, commitSha: checks.commitSha };
  if (pullRequest === null) return { branch: move?.branch ?? null, commitSha: move?.commit?.sha ?? null };
  const isOwn = pullRequest.headRepositoryId === repositoryId;
  if (review !== null && !isOwn) {
    return { branch: forkBranch(pullRequest.number), commitSha: review.commitSha };
  }
  return isOwn
    ? { branch: pullRequest.headBranch, commitSha: pullRequest.headSha }
    : { branch: null, commitSha: null };
}

async function compressed(raw: Buffer): Promise<Buffer> {
  return raw.length > MAX_SYNC_COMPRESSION_BYTES ? compress(raw, COMPRESSION) : gzipSync(raw, COMPRESSION);
}

/** Rejects what could not be processed later, since GitHub shows this response to the sender. */
function read(event: string, payload: unknown): DeliveredMove {
  try {
    return readDelivery(event, payload);
  } catch (error) {
    if (!(error instanceof MalformedPayloadError)) throw error;
    throw new ApiError(
      'validation',
      `The payload of this ${event} event does not match GitHub's documentation; see errors.`,
      [{ field: error.field, message: error.message }],
    );
  }
}
