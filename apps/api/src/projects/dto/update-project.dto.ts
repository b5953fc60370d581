import { IsName } from '../../http/name.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { IsRepositoryName } from './repository-name.decorator.js';
import { SettingsDto } from './settings.dto.js';

/** The body of `PATCH /projects/:id`. Fields that are left out keep their values. */
export class UpdateProjectDto extends SettingsDto {
  @Optional()
  @IsName()
  name?: string;

  @Optional()
  @IsRepositoryName()
  github_repo?: string;
}
