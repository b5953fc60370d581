import { ApiProperty } from '../../http/openapi/api-property.js';
import { IsName } from '../../http/name.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { IsString, ValidateIf } from 'class-validator';
import { IsRepositoryName } from './repository-name.decorator.js';
import { SettingsDto } from './settings.dto.js';

/** The body of `POST /projects`. */
export class CreateProjectDto extends SettingsDto {
  @ApiProperty({ description: 'May be left out if `config` has a name.', example: 'my-app' })
  @ValidateIf(({ config, name }: CreateProjectDto) => config === undefined || name !== undefined)
  @IsName()
  name?: string;

  @ApiProperty({ description: 'The repository on GitHub, as `owner/name`.', example: 'octocat/my-app' })
  @IsRepositoryName()
  github_repo!: string;

  @ApiProperty({
    description:
      'The text of a `nexos.yaml`: its fields become settings of the project, unless the body sets them too.',
  })
  @Optional()
  @IsString({ message: 'must be the text of a nexos.yaml' })
  config?: string;
}
