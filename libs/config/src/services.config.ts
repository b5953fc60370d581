import { SERVICE_KINDS, type ServiceKind } from '@nexos/domain';
import { IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Env } from './env.decorator.js';

const IMAGE = /^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$/;
const NOT_AN_IMAGE = { message: 'must be the name of an image, with a tag or a digest' };

/** The version at the start of a tag, such as 17 in `postgres:17-bookworm`. */
const TAG_VERSION = /^[^@]*:v?(\d+(?:\.\d+)*)[^/@]*(?:@|$)/;
const VERSION_AND_IMAGE = new RegExp(`^([0-9A-Za-z][0-9A-Za-z._-]{0,31})=(${IMAGE.source.slice(1, -1)})$`);

/** Accepts a list of versions, each once, with their images. */
const AreVersions = () =>
  ValidateBy({
    name: 'areVersions',
    validator: {
      validate: (list: unknown) => {
        const versions = (list as string[]).map((item) => VERSION_AND_IMAGE.exec(item)?.[1]);
        return !versions.includes(undefined) && new Set(versions).size === versions.length;
      },
      defaultMessage: () => 'must be a list such as 16=postgres:16-bookworm,17=postgres:17-bookworm',
    },
  });
const versionsText = (title: string) =>
  `Versions of ${title} that projects can choose, as \`version=image\` with commas between, beside the version that the default image's tag names. Example: \`16=…,17=…\`.`;

/** The services that the environments of a project share. The builder reads the Postgres image for seeds. */
export class ServicesConfig {
  /** Nexos runs `flock`, `psql` and the official entrypoint in it, so the Alpine images do not work. */
  @Env(
    'SERVICE_POSTGRES_IMAGE',
    "Image of a project's Postgres: an official image based on Debian.",
    'string',
    ['api', 'builder', 'lifecycle'],
  )
  @Matches(IMAGE, NOT_AN_IMAGE)
  postgresImage = 'postgres:17-bookworm';

  @Env('SERVICE_REDIS_IMAGE', "Image of a project's Redis: an official image based on Debian.", 'string', [
    'api',
    'builder',
    'lifecycle',
  ])
  @Matches(IMAGE, NOT_AN_IMAGE)
  redisImage = 'redis:7-bookworm';

  @Env('SERVICE_S3_IMAGE', "Image of a project's S3 server: the Versity S3 Gateway.", 'string', [
    'api',
    'builder',
    'lifecycle',
  ])
  @Matches(IMAGE, NOT_AN_IMAGE)
  s3Image = 'versity/versitygw:v1.8.0';

  @Env('SERVICE_POSTGRES_IMAGES', versionsText('Postgres'), 'list', ['api', 'builder', 'lifecycle'])
  @AreVersions()
  postgresImages: string[] = [];

  @Env('SERVICE_REDIS_IMAGES', versionsText('Redis'), 'list', ['api', 'builder', 'lifecycle'])
  @AreVersions()
  redisImages: string[] = [];

  @Env('SERVICE_S3_IMAGES', versionsText('the S3 server'), 'list', ['api', 'builder', 'lifecycle'])
  @AreVersions()
  s3Images: string[] = [];

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

  /** Returns the image of a service without a chosen version. */
  defaultImage(kind: ServiceKind): string {
    return { postgres: this.postgresImage, redis: this.redisImage, s3: this.s3Image }[kind];
  }

  /** Returns the images that projects can choose from, by version. */
  imagesOf(kind: ServiceKind): ReadonlyMap<string, string> {
    const listed = { postgres: this.postgresImages, redis: this.redisImages, s3: this.s3Images }[kind];
    const images = new Map(listed.map((item) => cut(item)));
    const image = this.defaultImage(kind);
    const version = TAG_VERSION.exec(image)?.[1];
    const isListed = version === undefined || images.has(version) || [...images.values()].includes(image);
    return isListed ? images : new Map([...images, [version, image]]);
  }

  /** Returns the version of the default image; null if neither the list nor the tag names it. */
  defaultVersion(kind: ServiceKind): string | null {
    return this.versionOf(kind, this.defaultImage(kind));
  }

  /** Returns the version of an image; null if neither the list nor the tag names it. */
  versionOf(kind: ServiceKind, image: string): string | null {
    const listed = [...this.imagesOf(kind)].find(([, other]) => other === image);
    return listed?.[0] ?? TAG_VERSION.exec(image)?.[1] ?? null;
  }

  /** Returns the versions that projects can choose, by kind. */
  offer(): Record<ServiceKind, string[]> {
    const offered = SERVICE_KINDS.map((kind) => [kind, [...this.imagesOf(kind).keys()]] as const);
    return Object.fromEntries(offered) as Record<ServiceKind, string[]>;
  }
}

function cut(item: string): readonly [version: string, image: string] {
  const at = item.indexOf('=');
  return [item.slice(0, at), item.slice(at + 1)];
}
