import {
  MAX_WEBHOOK_URL,
  NOTIFICATION_TYPES,
  type NotificationType,
  notificationTypesProblem,
  webhookSecretProblem,
  webhookUrlProblem,
} from '@nexos/domain';
import { Conforms } from '../../http/conforms.decorator.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';

/** The body of `POST /webhooks` and `POST /projects/:id/webhooks`. */
export class CreateWebhookDto {
  @ApiProperty({
    type: 'string',
    description: 'Where messages are sent: a public http or https address.',
    example: 'https://example.com/nexos',
    maxLength: MAX_WEBHOOK_URL,
  })
  @Conforms(webhookUrlProblem)
  url!: string;

  @ApiProperty({
    enum: NOTIFICATION_TYPES,
    isArray: true,
    minItems: 1,
    uniqueItems: true,
    example: ['deployment.live', 'deployment.failed'],
  })
  @Conforms(notificationTypesProblem)
  events!: NotificationType[];

  @ApiProperty({
    type: 'string',
    required: false,
    description:
      'The secret that messages are signed with: `whsec_` and 24 to 64 bytes in base64. By default, a random one.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  @Optional()
  @Conforms(webhookSecretProblem)
  secret?: string;
}
