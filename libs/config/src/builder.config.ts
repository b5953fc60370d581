import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

const MIB = 1024 * 1024;

/** Limits of one builder process. */
export class BuilderConfig {
  /** Bare mirrors of the repositories are kept here. */
  @Env('MIRROR_DIR')
  @Matches(/^\//, { message: 'must be an absolute path' })
  mirrorDir = '/var/lib/nexos/mirrors';

  /** Builds at once. */
  @Env('BUILD_CONCURRENCY', 'integer')
  @IsInt()
  @Min(1)
  @Max(64)
  concurrency = 2;

  /** Bytes of log that one build may write before it is truncated. */
  @Env('BUILD_LOG_LIMIT', 'integer')
  @IsInt()
  @Min(4096)
  @Max(256 * MIB)
  logLimit = 8 * MIB;

  /** Bytes of build context that may be sent to the engine. */
  @Env('BUILD_CONTEXT_LIMIT', 'integer')
  @IsInt()
  @Min(4096)
  contextLimit = 1024 * MIB;

  /** MiB that must be free on the disks of the mirrors and of the engine for a build to begin. */
  @Env('BUILDER_MIN_FREE_MB', 'integer')
  @IsInt()
  @Min(0)
  @Max(1_048_576)
  minFreeMb = 1024;

  /** MiB that one image may have. */
  @Env('IMAGE_MAX_MB', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_048_576)
  imageMaxMb = 10_240;

  /** MiB that all images of a project may take on one machine that builds. */
  @Env('PROJECT_IMAGES_MAX_MB', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_048_576)
  projectImagesMaxMb = 20_480;

  /** MiB that a project may leave in the engine's build cache; 0 leaves the cache alone. */
  @Env('PROJECT_CACHE_MAX_MB', 'integer')
  @IsInt()
  @Min(0)
  @Max(1_048_576)
  projectCacheMaxMb = 10_240;

  /** Milliseconds between two looks at the build cache; there are none while nothing is built. */
  @Env('BUILD_CACHE_CHECK_MS', 'integer')
  @IsInt()
  @Min(200)
  @Max(86_400_000)
  cacheCheckMs = 60_000;

  /** Seconds that one `git fetch` may take. */
  @Env('FETCH_TIMEOUT_SECONDS', 'integer')
  @IsInt()
  @Min(1)
  @Max(3600)
  fetchTimeoutSeconds = 300;
}
