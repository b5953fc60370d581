import { Matches, MaxLength } from 'class-validator';
import { ApiProperty } from '../../../http/openapi/api-property.js';
import { Optional } from '../../../http/optional.decorator.js';

/** The query of `GET /auth/github`. */
export class SignInQuery {
  /** A leading `//` would name another host. */
  @ApiProperty({ description: 'Path in the dashboard to return to after sign-in.' })
  @Optional()
  @Matches(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/, {
    message: 'must be a path that begins with a single / and has no spaces or backslashes',
  })
  @MaxLength(500, { message: 'must have at most 500 characters' })
  return_to?: string;
}
