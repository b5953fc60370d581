import {
  MAX_WEBHOOK_URL,
  NOTIFICATION_TYPES,
  type NotificationType,
  notificationTypesProblem,
  webhookSecretProblem,
  webhookUrlProblem,
} from '@nexos/domain';
import { IsBoolean } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';

/** The body of `PATCH /webhooks/:id`. Fields that are left out keep their values. */
export class UpdateWebhookDto {
  @ApiProperty({
    type: 'string',
    required: false,
    example: 'https://example.com/nexos',
    maxLength: MAX_WEBHOOK_URL,
  })
  @Optional()
  @Conforms(webhookUrlProblem)
  url?: string;

  @ApiProperty({
    enum: NOTIFICATION_TYPES,
    isArray: true,
    minItems: 1,
    uniqueItems: true,
    required: false,
    example: ['deployment.failed'],
  })
  @Optional()
  @Conforms(notificationTypesProblem)
  events?: NotificationType[];

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'Replaces the secret at once. Only for the format `standard`.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  @Optional()
  @Conforms(webhookSecretProblem)
  secret?: string;

  @ApiProperty({
    type: 'boolean',
    required: false,
    description:
      'False: messages that wait are dropped, and no new ones are sent. True: new ones are sent again.',
    example: true,
  })
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  enabled?: boolean;
}
