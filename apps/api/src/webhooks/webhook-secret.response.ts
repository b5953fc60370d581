import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** The secret of a project's own webhook. */
export class WebhookSecretResponse {
  @ApiProperty({
    description: 'Where GitHub sends deliveries to.',
    example: 'https://api.example.com/api/webhooks/github/proj_01kb2c7x9q4m8r5t6v3w0y1z2a',
  })
  webhook_url!: string;

  @ApiProperty({
    description: 'It cannot be retrieved again.',
    example: 'Vt3qkq7xJZ0mQh1C5v3b9s8dYw2nRr4LzTgUaEoKpXI',
  })
  secret!: string;

  @TimeProperty({
    nullable: true,
    description: 'Until when the secret that it replaces is accepted; null if there was none.',
  })
  previous_valid_until!: string | null;
}
