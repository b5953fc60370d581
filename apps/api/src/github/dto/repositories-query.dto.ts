import { Matches, MaxLength } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';
import { PageQuery } from '../../http/page.js';

/** The query of `GET /github/repositories`. */
export class RepositoriesQuery extends PageQuery {
  @ApiProperty({
    description: 'Only repositories whose `owner/name` contains this; case-insensitive.',
    example: 'shop',
  })
  @Optional()
  @Matches(/^[\x20-\x7e]*$/, { message: 'must have visible ASCII characters only' })
  @MaxLength(140, { message: 'must have at most 140 characters' })
  query?: string;

  @ApiProperty({ description: 'From the `Link` header of the previous page.' })
  @Optional()
  @Matches(/^[\w.-]{1,200}$/, { message: 'must be a cursor of this list' })
  override cursor?: string;
}
