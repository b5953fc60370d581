import { Matches } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';
import { PageQuery } from '../../http/page.js';

/** The query of `GET /github/installations`. */
export class InstallationsQuery extends PageQuery {
  @ApiProperty({ description: 'From the `Link` header of the previous page.' })
  @Optional()
  @Matches(/^[1-9]\d{0,17}$/, { message: 'must be a cursor of this list' })
  override cursor?: string;
}
