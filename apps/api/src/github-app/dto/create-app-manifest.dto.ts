import { MAX_APP_NAME } from '@nexos/domain';
import { Matches, MaxLength } from 'class-validator';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional } from '../../http/optional.decorator.js';

/** The body of `POST /github/app-manifest`. */
export class CreateAppManifestDto {
  @ApiProperty({
    required: false,
    description: 'The organization that owns the App. By default the user who creates it.',
    example: 'acme',
  })
  @Optional()
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, { message: 'must be the login of an organization' })
  organization?: string;

  @ApiProperty({
    required: false,
    description:
      'The name of the App, unique among all Apps on GitHub; the page on GitHub can still change it. By default `Nexos` and the host of the API.',
    example: 'Nexos of Acme',
  })
  @Optional()
  @Matches(/^(?=.*\S)[^\p{Cc}]+$/u, { message: 'must be a name without control characters' })
  @MaxLength(MAX_APP_NAME, { message: `must have at most ${MAX_APP_NAME} characters` })
  name?: string;
}
