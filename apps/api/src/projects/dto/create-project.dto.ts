import { ApiProperty } from '@nestjs/swagger';
import { ProjectName, RepositoryName } from './project-name.decorator.js';
import { ProjectSettingsDto } from './project-settings.dto.js';

/** The body of `POST /projects`. */
export class CreateProjectDto extends ProjectSettingsDto {
  @ApiProperty({ example: 'my-app' })
  @ProjectName()
  name!: string;

  @ApiProperty({ example: 'octocat/my-app' })
  @RepositoryName()
  github_repo!: string;
}
