import { BRANCH_GLOB_RULE, isBranchGlob } from '@nexos/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
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
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';

/** Relative, without `..` steps, back slashes or control characters. */
const PATH_IN_REPOSITORY = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\p{Cc}]+$/u;
/** A path and a query; a fragment is never sent. Two slashes at the beginning would name a host, and dots climb. */
const URL_PATH = /^(?!\/\/)(?![^?]*\/\.{1,2}(?:[/?]|$))\/[\x21\x22\x24-\x7e]*$/;
const GLOBS_AT_MOST = 50;

/** The services that a project's environments share. */
export class ServicesDto {
  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  postgres?: boolean;

  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  redis?: boolean;

  @IsBoolean({ message: 'must be true or false' })
  @Optional()
  s3?: boolean;
}

/** A list of globs of branches; may be left out. */
const AreBranchGlobs = (example: string[]) =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, maxItems: GLOBS_AT_MOST, example }),
    Optional(),
    IsArray({ message: 'must be a list of globs' }),
    ArrayMaxSize(GLOBS_AT_MOST, { message: `must have at most ${GLOBS_AT_MOST} globs` }),
    Conforms(globsProblem),
  );

function globsProblem(list: unknown): string | null {
  if (!Array.isArray(list)) return null;
  const wrong = list.findIndex((glob) => typeof glob !== 'string' || !isBranchGlob(glob));
  return wrong === -1 ? null : `is wrong at ${wrong}: each ${BRANCH_GLOB_RULE}`;
}

/** Which branches a push deploys. */
export class BranchFilterDto {
  @AreBranchGlobs(['main', 'feature/*'])
  include?: string[];

  @AreBranchGlobs(['dependabot/**'])
  exclude?: string[];
}

/** How a project's branches are built and run; all of it can be left out. */
export class ProjectSettingsDto {
  @Optional()
  @Matches(PATH_IN_REPOSITORY, { message: 'must be a path inside of the repository, relative to its root' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  dockerfile?: string;

  @Optional()
  @Matches(PATH_IN_REPOSITORY, { message: 'must be a path inside of the repository, relative to its root' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  build_context?: string;

  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => ServicesDto)
  services?: ServicesDto;

  /** The port that the app listens on; it is told as PORT. */
  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(65_535, { message: 'must be at most 65535' })
  port?: number;

  @Optional()
  @Matches(URL_PATH, { message: 'must be a path such as /health: no //, . or .. steps, spaces or #' })
  @MaxLength(255, { message: 'must have at most 255 characters' })
  health_check_path?: string;

  /** Cores. */
  @Optional()
  @IsNumber({ allowInfinity: false, allowNaN: false }, { message: 'must be a number' })
  @Min(0.05, { message: 'must be at least 0.05' })
  @Max(64, { message: 'must be at most 64' })
  cpu?: number;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(16, { message: 'must be at least 16' })
  @Max(262_144, { message: 'must be at most 262144' })
  memory_mb?: number;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(10, { message: 'must be at least 10' })
  @Max(7_200, { message: 'must be at most 7200' })
  build_timeout_seconds?: number;

  /** Whether a push deploys. */
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  auto_deploy?: boolean;

  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => BranchFilterDto)
  branch_filter?: BranchFilterDto;
}
