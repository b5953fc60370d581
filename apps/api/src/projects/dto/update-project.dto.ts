import { Optional } from '../../http/optional.decorator.js';
import { ProjectName, RepositoryName } from './project-name.decorator.js';
import { ProjectSettingsDto } from './project-settings.dto.js';

/** The body of `PATCH /projects/:id`: what is left out stays as it is. */
export class UpdateProjectDto extends ProjectSettingsDto {
  @Optional()
  @ProjectName()
  name?: string;

  @Optional()
  @RepositoryName()
  github_repo?: string;
}
