import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

const IMAGE = /^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$/;
const NOT_AN_IMAGE = { message: 'must be the name of an image, with a tag or a digest' };

/** The services that the environments of a project share. The builder reads the Postgres image for seeds. */
export class ServicesConfig {
  /** Nexos runs `flock`, `psql` and the official entrypoint in it, so the Alpine images do not work. */
  @Env(
    'SERVICE_POSTGRES_IMAGE',
    "Image of a project's Postgres: an official image based on Debian.",
    'string',
    ['builder', 'lifecycle'],
  )
  @Matches(IMAGE, NOT_AN_IMAGE)
  postgresImage = 'postgres:17-bookworm';

  @Env('SERVICE_REDIS_IMAGE', "Image of a project's Redis: an official image based on Debian.", 'string', [
    'lifecycle',
  ])
  @Matches(IMAGE, NOT_AN_IMAGE)
  redisImage = 'redis:7-bookworm';

  @Env('SERVICE_S3_IMAGE', "Image of a project's S3 server: the Versity S3 Gateway.", 'string', ['lifecycle'])
  @Matches(IMAGE, NOT_AN_IMAGE)
  s3Image = 'versity/versitygw:v1.8.0';

  @Env('SERVICE_POSTGRES_MEMORY_MB', 'Memory limit of one Postgres, in MiB.', 'integer', ['lifecycle'])
  @IsInt()
  @Min(64)
  @Max(1_048_576)
  postgresMemoryMb = 512;

  @Env('SERVICE_REDIS_MEMORY_MB', 'Memory limit of one Redis, in MiB.', 'integer', ['lifecycle'])
  @IsInt()
  @Min(16)
  @Max(1_048_576)
  redisMemoryMb = 256;

  @Env('SERVICE_S3_MEMORY_MB', 'Memory limit of one S3 server, in MiB.', 'integer', ['lifecycle'])
  @IsInt()
  @Min(64)
  @Max(1_048_576)
  s3MemoryMb = 256;

  @Env(
    'SERVICE_TIMEOUT_MS',
    'Milliseconds that a service may take to start and to provision one environment.',
    'integer',
    ['lifecycle'],
  )
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  timeoutMs = 120_000;

  @Env('SERVICE_CPU', 'CPU limit of one service, in cores.', 'number', ['lifecycle'])
  @Min(0.1)
  @Max(256)
  cpu = 1;
}
