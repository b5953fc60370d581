import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

const IMAGE = /^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$/;
const NOT_AN_IMAGE = { message: 'must be the name of an image, with a tag or a digest' };

/** The services that the environments of a project share: what runs them, and how much they may take. */
export class ServicesConfig {
  /** Debian's `flock`, `psql` and the official entrypoint are used, so the alpine images do not do. */
  @Env('SERVICE_POSTGRES_IMAGE')
  @Matches(IMAGE, NOT_AN_IMAGE)
  postgresImage = 'postgres:17-bookworm';

  @Env('SERVICE_REDIS_IMAGE')
  @Matches(IMAGE, NOT_AN_IMAGE)
  redisImage = 'redis:7-bookworm';

  /** The Versity S3 Gateway, or what behaves as it does. */
  @Env('SERVICE_S3_IMAGE')
  @Matches(IMAGE, NOT_AN_IMAGE)
  s3Image = 'versity/versitygw:v1.8.0';

  @Env('SERVICE_POSTGRES_MEMORY_MB', 'integer')
  @IsInt()
  @Min(64)
  @Max(1_048_576)
  postgresMemoryMb = 512;

  @Env('SERVICE_REDIS_MEMORY_MB', 'integer')
  @IsInt()
  @Min(16)
  @Max(1_048_576)
  redisMemoryMb = 256;

  @Env('SERVICE_S3_MEMORY_MB', 'integer')
  @IsInt()
  @Min(64)
  @Max(1_048_576)
  s3MemoryMb = 256;

  /** Milliseconds that one of them may take until it answers and has done what it was asked for. */
  @Env('SERVICE_TIMEOUT_MS', 'integer')
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  timeoutMs = 120_000;

  /** Cores that each of them may take. */
  @Env('SERVICE_CPU', 'number')
  @Min(0.1)
  @Max(256)
  cpu = 1;
}
