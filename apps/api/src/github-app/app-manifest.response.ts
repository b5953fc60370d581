import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** Where an operator creates the GitHub App. */
export class AppManifestResponse {
  @ApiProperty({
    description:
      'The page to open in a browser. Keep this URL secret: anyone who has it can connect their own App.',
    example:
      'https://api.example.com/api/github/app-manifest?state=x1dLZbSTvbqxFk2wlAxpAX4fL8zYw0gYvNUJS7dCPLQ',
  })
  url!: string;

  @TimeProperty({ description: 'Until when the App must be created.' })
  expires_at!: string;

  @ApiProperty({
    type: [String],
    description: 'What will not work, such as deliveries to an address that GitHub cannot reach.',
    example: [],
  })
  warnings!: string[];
}
