import { type WebhookEntity } from '@nexos/database';
import {
  MESSAGE_FORMATS,
  type MessageFormat,
  NOTIFICATION_TYPES,
  type NotificationType,
} from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** A webhook or channel in a response. */
export class WebhookResponse {
  @IdProperty('webhook')
  id!: string;

  @IdProperty('project', { description: 'Null for a webhook of the whole account.', nullable: true })
  project_id!: string | null;

  @ApiProperty({ enum: MESSAGE_FORMATS, example: 'standard', description: '`standard` has a signature.' })
  format!: MessageFormat;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null for the formats `slack`, `discord` and `json`, where the address is a secret.',
    example: 'https://example.com/nexos',
  })
  url!: string | null;

  @ApiProperty({ enum: NOTIFICATION_TYPES, isArray: true, example: ['deployment.live', 'deployment.failed'] })
  events!: NotificationType[];

  @ApiProperty({ example: true })
  enabled!: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why it gets no messages.',
    example: null,
  })
  disabled_reason!: string | null;

  @TimeProperty({ nullable: true })
  disabled_at!: string | null;

  @TimeProperty({ nullable: true, description: 'Since when no message was accepted; null while they are.' })
  failing_since!: string | null;

  @TimeProperty()
  created_at!: string;

  @TimeProperty()
  updated_at!: string;
}

/** A new webhook, with its secret. */
export class CreatedWebhookResponse extends WebhookResponse {
  @ApiProperty({
    description: 'The secret that messages are signed with. It cannot be retrieved again.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret!: string;
}

export function toCreatedWebhookResponse(row: WebhookEntity, secret: string): CreatedWebhookResponse {
  return Object.assign(toWebhookResponse(row), { secret });
}

export function toWebhookResponse(row: WebhookEntity): WebhookResponse {
  return {
    id: row.id,
    project_id: row.projectId,
    format: row.format,
    url: row.url,
    events: row.events,
    enabled: row.disabledAt === null,
    disabled_reason: row.disabledReason,
    disabled_at: row.disabledAt?.toISOString() ?? null,
    failing_since: row.failingSince?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
