import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Optional } from '../../http/optional.decorator.js';

const OWNER_AND_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
/** Relative, without `..` steps, back slashes or control characters. */
const PATH_IN_REPOSITORY = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\p{Cc}]+$/u;
/** A path and a query; a fragment is never sent. */
const URL_PATH = /^\/[\x21\x22\x24-\x7e]*$/;

/** The services that a project's environments share. */
export class ServicesDto {
  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  postgres = false;

  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  redis = false;

  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  s3 = false;
}

/** The body of `POST /projects`. */
export class CreateProjectDto {
  @ApiProperty({ example: 'my-app' })
  @Matches(/\S/, { message: 'must have a visible character' })
  @Matches(/^[^\p{Cc}]{1,100}$/u, { message: 'must have 1 to 100 characters, no control characters' })
  name!: string;

  @ApiProperty({ example: 'octocat/my-app' })
  @Matches(OWNER_AND_NAME, { message: 'must be owner/name, as in the address of the repository' })
  github_repo!: string;

  @Optional()
  @Matches(PATH_IN_REPOSITORY, { message: 'must be a path inside of the repository, relative to its root' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  dockerfile = 'Dockerfile';

  @Optional()
  @Matches(PATH_IN_REPOSITORY, { message: 'must be a path inside of the repository, relative to its root' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  build_context = '.';

  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => ServicesDto)
  services: ServicesDto = new ServicesDto();

  @ApiProperty({ description: 'The port that the app listens on; it is told as PORT.' })
  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(65_535, { message: 'must be at most 65535' })
  port = 3000;

  @Optional()
  @Matches(URL_PATH, { message: 'must begin with / and hold neither spaces nor #' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  health_check_path = '/';

  @ApiProperty({ description: 'Cores.' })
  @Optional()
  @IsNumber({ allowInfinity: false, allowNaN: false }, { message: 'must be a number' })
  @Min(0.05, { message: 'must be at least 0.05' })
  @Max(64, { message: 'must be at most 64' })
  cpu = 0.5;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(16, { message: 'must be at least 16' })
  @Max(262_144, { message: 'must be at most 262144' })
  memory_mb = 512;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(10, { message: 'must be at least 10' })
  @Max(7_200, { message: 'must be at most 7200' })
  build_timeout_seconds = 900;
}
