import { Matches, MaxLength } from 'class-validator';
import { Optional } from '../../../http/optional.decorator.js';

/** The query of `GET /auth/github`. */
export class SignInQuery {
  /** Where in the dashboard to go afterwards. Two slashes at the beginning would name another host. */
  @Optional()
  @Matches(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/, { message: 'must be a path: / and plain characters' })
  @MaxLength(500, { message: 'must have at most 500 characters' })
  return_to?: string;
}
