import { Matches } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';

/** 32 random bytes in base64url. */
export const STATE = /^[\w-]{43}$/;

/** The query of `GET /github/app-manifest`. */
export class AppManifestPageQuery {
  @ApiProperty({
    required: true,
    description: 'As in the URL that `POST /github/app-manifest` returns.',
    example: 'x1dLZbSTvbqxFk2wlAxpAX4fL8zYw0gYvNUJS7dCPLQ',
  })
  @Matches(STATE, { message: 'must be the one of the URL that POST /github/app-manifest returned' })
  state?: string;
}
