import { IsName } from '../../http/name.decorator.js';
import { Optional } from '../../http/optional.decorator.js';
import { IsRepositoryName } from './repository-name.decorator.js';
import { ProjectSettingsDto } from './project-settings.dto.js';

/** The body of `PATCH /projects/:id`: what is left out stays as it is. */
export class UpdateProjectDto extends ProjectSettingsDto {
  @Optional()
  @IsName()
  name?: string;

  @Optional()
  @IsRepositoryName()
  github_repo?: string;
}
