import {
  BRANCH_GLOB_RULE,
  BUILD_TIMEOUT_SECONDS,
  CPU,
  isBranchGlob,
  MAX_PATH,
  MEMORY_MB,
  PATH_IN_REPOSITORY,
  PATH_IN_REPOSITORY_RULE,
  PORT,
  SLEEP_AFTER_MINUTES,
  URL_PATH,
  URL_PATH_RULE,
} from '@nexos/domain';
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
import { Optional, OptionalOrNull } from '../../http/optional.decorator.js';

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
  @Matches(PATH_IN_REPOSITORY, { message: PATH_IN_REPOSITORY_RULE })
  @MaxLength(MAX_PATH, { message: `must have at most ${MAX_PATH} characters` })
  dockerfile?: string;

  @Optional()
  @Matches(PATH_IN_REPOSITORY, { message: PATH_IN_REPOSITORY_RULE })
  @MaxLength(MAX_PATH, { message: `must have at most ${MAX_PATH} characters` })
  build_context?: string;

  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => ServicesDto)
  services?: ServicesDto;

  /** The port that the app listens on; it is told as PORT. */
  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(PORT.least, { message: `must be at least ${PORT.least}` })
  @Max(PORT.most, { message: `must be at most ${PORT.most}` })
  port?: number;

  @Optional()
  @Matches(URL_PATH, { message: URL_PATH_RULE })
  @MaxLength(MAX_PATH, { message: `must have at most ${MAX_PATH} characters` })
  health_check_path?: string;

  /** Cores. */
  @Optional()
  @IsNumber({ allowInfinity: false, allowNaN: false }, { message: 'must be a number' })
  @Min(CPU.least, { message: `must be at least ${CPU.least}` })
  @Max(CPU.most, { message: `must be at most ${CPU.most}` })
  cpu?: number;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(MEMORY_MB.least, { message: `must be at least ${MEMORY_MB.least}` })
  @Max(MEMORY_MB.most, { message: `must be at most ${MEMORY_MB.most}` })
  memory_mb?: number;

  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(BUILD_TIMEOUT_SECONDS.least, { message: `must be at least ${BUILD_TIMEOUT_SECONDS.least}` })
  @Max(BUILD_TIMEOUT_SECONDS.most, { message: `must be at most ${BUILD_TIMEOUT_SECONDS.most}` })
  build_timeout_seconds?: number;

  /** Whether a push deploys. */
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  auto_deploy?: boolean;

  /** Minutes without a request after which an environment sleeps; null: never. */
  @ApiProperty({ nullable: true, example: 60 })
  @OptionalOrNull()
  @IsInt({ message: 'must be a whole number, or null' })
  @Min(SLEEP_AFTER_MINUTES.least, { message: `must be at least ${SLEEP_AFTER_MINUTES.least}` })
  @Max(SLEEP_AFTER_MINUTES.most, { message: `must be at most ${SLEEP_AFTER_MINUTES.most}` })
  sleep_after_minutes?: number | null;

  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => BranchFilterDto)
  branch_filter?: BranchFilterDto;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Destroys an environment that saw no push and no deployment for that many days; null: none.',
    example: 14,
  })
  @OptionalOrNull()
  @IsInt({ message: 'must be a whole number, or null' })
  @Min(1, { message: 'must be at least 1' })
  @Max(365, { message: 'must be at most 365' })
  expires_after_days?: number | null;
}
