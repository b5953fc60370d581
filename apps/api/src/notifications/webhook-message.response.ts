import { MESSAGE_STATUSES, type MessageStatus, type WebhookMessageEntity } from '@nexos/database';
import { type MessageData, type MessageType, NOTIFICATION_TYPES, TEST_MESSAGE } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

const TYPES = [...NOTIFICATION_TYPES, TEST_MESSAGE];

/** A message to a webhook in a response. */
export class WebhookMessageResponse {
  @IdProperty('message', { description: 'The header `webhook-id` of each attempt.' })
  id!: string;

  @IdProperty('webhook')
  webhook_id!: string;

  @ApiProperty({ enum: TYPES, example: 'deployment.live' })
  type!: MessageType;

  @ApiProperty({
    enum: MESSAGE_STATUSES,
    example: 'delivered',
    description: '`pending` until the receiver has accepted it (`delivered`) or Nexos gives up (`failed`).',
  })
  status!: MessageStatus;

  @ApiProperty({ minimum: 0, example: 1 })
  attempts!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status of the last response; null without one.',
    example: 200,
  })
  response_status!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Milliseconds that the last attempt took.',
    example: 83,
  })
  latency_ms!: number | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why the last attempt failed.', example: null })
  error!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: '`data` of the message.',
    example: { project: null },
  })
  data!: MessageData;

  @TimeProperty({ description: 'When it happened.' })
  at!: string;

  @TimeProperty({ nullable: true })
  last_attempt_at!: string | null;

  @TimeProperty({
    nullable: true,
    description: 'The earliest time of the next attempt; null once it has ended.',
  })
  next_attempt_at!: string | null;

  @TimeProperty({ nullable: true, description: 'When it was accepted or given up.' })
  finished_at!: string | null;
}

export function toWebhookMessageResponse(row: WebhookMessageEntity): WebhookMessageResponse {
  return {
    id: row.id,
    webhook_id: row.webhookId,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    response_status: row.responseStatus,
    latency_ms: row.latencyMs,
    error: row.error,
    data: row.data,
    at: row.at.toISOString(),
    last_attempt_at: row.lastAttemptAt?.toISOString() ?? null,
    next_attempt_at: row.status === 'pending' ? row.nextAttemptAt.toISOString() : null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
