import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsName } from '../../http/name.decorator.js';
import { IsRepositoryName } from './repository-name.decorator.js';
import { SettingsDto } from './settings.dto.js';

/** The body of `POST /projects`. */
export class CreateProjectDto extends SettingsDto {
  @ApiProperty({ example: 'my-app' })
  @IsName()
  name!: string;

  @ApiProperty({ description: 'The repository on GitHub, as `owner/name`.', example: 'octocat/my-app' })
  @IsRepositoryName()
  github_repo!: string;
}
