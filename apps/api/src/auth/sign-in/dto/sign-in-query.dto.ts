import { Matches, MaxLength } from 'class-validator';
import { Optional } from '../../../http/optional.decorator.js';

/** The query of `GET /auth/github`. */
export class SignInQuery {
  /** Path in the dashboard to return to after sign-in. A leading `//` would name another host. */
  @Optional()
  @Matches(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/, {
    message: 'must be a path that begins with a single / and has no spaces or backslashes',
  })
  @MaxLength(500, { message: 'must have at most 500 characters' })
  return_to?: string;
}
