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

  /** Seconds that one `git fetch` may take. */
  @Env('FETCH_TIMEOUT_SECONDS', 'integer')
  @IsInt()
  @Min(1)
  @Max(3600)
  fetchTimeoutSeconds = 300;
}
