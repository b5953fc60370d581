import { ProjectName, RepositoryName } from './project-name.decorator.js';
import { ProjectSettingsDto } from './project-settings.dto.js';

/** The body of `POST /projects`. */
export class CreateProjectDto extends ProjectSettingsDto {
  @ProjectName()
  name!: string;

  @RepositoryName()
  github_repo!: string;
}
