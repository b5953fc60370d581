import {
  MAX_WEBHOOK_URL,
  NOTIFICATION_TYPES,
  type NotificationType,
  notificationTypesProblem,
  webhookUrlProblem,
} from '@nexos/domain';
import { IsIn } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';

const CHANNEL_FORMATS = ['slack', 'discord', 'json'] as const;
type ChannelFormat = (typeof CHANNEL_FORMATS)[number];

/** The body of `POST /projects/:id/slack`. */
export class CreateChannelDto {
  @ApiProperty({
    type: 'string',
    description: 'The address of the incoming webhook. It is a secret: responses do not show it.',
    example: 'https://hooks.slack.com/services/T000/B000/XXXX',
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
    enum: CHANNEL_FORMATS,
    required: false,
    default: 'slack',
    description:
      'The form of the messages: for Slack, for Discord, or the JSON that webhooks get, without a signature.',
    example: 'slack',
  })
  @Optional()
  @IsIn(CHANNEL_FORMATS, { message: `must be one of ${CHANNEL_FORMATS.join(', ')}` })
  format: ChannelFormat = 'slack';
}
