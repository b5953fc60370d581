import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

const MIB = 1024 * 1024;

/** Limits of one builder process. */
export class BuilderConfig {
  @Env('MIRROR_DIR', 'Directory of the bare repository mirrors.')
  @Matches(/^\//, { message: 'must be an absolute path' })
  mirrorDir = '/var/lib/nexos/mirrors';

  @Env('BUILD_CONCURRENCY', 'Builds that one process runs at once.', 'integer')
  @IsInt()
  @Min(1)
  @Max(64)
  concurrency = 2;

  @Env('BUILD_LOG_LIMIT', 'Bytes of log that one build may write; the log is truncated there.', 'integer')
  @IsInt()
  @Min(4096)
  @Max(256 * MIB)
  logLimit = 8 * MIB;

  @Env('BUILD_CONTEXT_LIMIT', 'Maximum size of a build context in bytes.', 'integer')
  @IsInt()
  @Min(4096)
  contextLimit = 1024 * MIB;

  @Env(
    'BUILDER_MIN_FREE_MB',
    'MiB that must be free on the disks of the mirrors and of the container engine before a build starts.',
    'integer',
  )
  @IsInt()
  @Min(0)
  @Max(1_048_576)
  minFreeMb = 1024;

  @Env('IMAGE_MAX_MB', 'Maximum size of one image in MiB.', 'integer')
  @IsInt()
  @Min(1)
  @Max(1_048_576)
  imageMaxMb = 10_240;

  @Env(
    'PROJECT_IMAGES_MAX_MB',
    'Maximum size of all images of one project, in MiB, on each build machine.',
    'integer',
  )
  @IsInt()
  @Min(1)
  @Max(1_048_576)
  projectImagesMaxMb = 20_480;

  @Env(
    'PROJECT_CACHE_MAX_MB',
    "MiB that one project may keep in the container engine's build cache. 0 turns cache cleanup off.",
    'integer',
  )
  @IsInt()
  @Min(0)
  @Max(1_048_576)
  projectCacheMaxMb = 10_240;

  @Env(
    'BUILD_CACHE_CHECK_MS',
    'Milliseconds between two checks of the build cache. Idle builders do not check.',
    'integer',
  )
  @IsInt()
  @Min(200)
  @Max(86_400_000)
  cacheCheckMs = 60_000;

  @Env(
    'REGISTRY_RETRY_MS',
    'Milliseconds before a pull, push or fetch is tried again after a registry or the Git host limited requests or failed. Each further pause is three times as long.',
    'integer',
  )
  @IsInt()
  @Min(10)
  @Max(60_000)
  registryRetryMs = 2_000;

  @Env('FETCH_TIMEOUT_SECONDS', 'Seconds that one `git fetch` may take.', 'integer')
  @IsInt()
  @Min(1)
  @Max(3600)
  fetchTimeoutSeconds = 300;
}
