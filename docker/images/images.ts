import type Docker from 'dockerode';
import type { Engine } from '../local/engine.js';
import type { Context } from '../local/home.js';
import { step } from '../local/progress.mjs';
import { SetupError, messageOf } from '../local/setup-error.mjs';
import { type BuildImageName, buildStandIn, followJson, isCurrent, type ImageName } from './stand-in.js';

export interface Image {
  /** Its name on the engine. */
  readonly name: string;
  readonly id: string;
  /** The version of the program, such as 17; undefined if the image does not tell. */
  readonly version?: string | undefined;
}

const FIRST_RESPONSE_MS = 8_000;
const SILENCE_MS = 60_000;

/** The public images. The environment variable `<NAME>_IMAGE` replaces one. */
const SOURCES: Record<ImageName, string> = {
  debian: 'debian:bookworm-slim',
  postgres: 'postgres:17-bookworm',
  redis: 'redis:7-bookworm',
  s3: 'versity/versitygw:v1.8.0',
  haproxy: 'haproxy:2.8-bookworm',
  node: 'node:22-bookworm-slim',
};
const VERSION = /^(?:PG_MAJOR|REDIS_VERSION)=(\d+)/;
const NAMES = Object.keys(SOURCES) as ImageName[];
const DEBIAN = localName('debian');

/** Ensures that the engine has every image: pulls it, or builds a stand-in if no registry provides it. */
export async function ensureImages({ docker }: Engine, context: Context): Promise<Record<ImageName, Image>> {
  const chosen = (name: ImageName) => context.environment[`${name.toUpperCase()}_IMAGE`];
  const present = await docker.listImages();
  const toBuild: ImageName[] = [];
  let registryAnswers = true;
  for (const name of NAMES) {
    const own = chosen(name);
    const found = find(present, own || localName(name));
    if (own && found === undefined) await pullChosen(docker, name, own, context);
    if (own || (found !== undefined && isCurrent(name, found))) continue;
    if (found === undefined && registryAnswers) {
      const failure = await pullPublic(docker, name, context);
      if (failure === undefined) continue;
      registryAnswers = failure === 'refused';
    }
    toBuild.push(name);
  }
  if (toBuild.length > 0) await buildAll(docker, toBuild, context);
  const names = NAMES.map((name) => [name, chosen(name) || localName(name)] as const);
  const isComplete = toBuild.length === 0 && names.every(([, image]) => find(present, image) !== undefined);
  const images = isComplete ? present : await docker.listImages();
  const entries = names.map(async ([name, image]) => {
    const id = find(images, image)?.Id ?? image;
    return [
      name,
      {
        name: image,
        id,
        version: (await versionOf(docker, id)) ?? (chosen(name) ? undefined : tagVersion(name)),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<ImageName, Image>;
}

/** Ensures that the engine has the images of isolated builds, which are built on Debian's. */
export async function ensureBuildImages(
  docker: Docker,
  base: string,
  context: Context,
): Promise<Record<BuildImageName, Image>> {
  const ensure = async (name: BuildImageName): Promise<Image> => {
    const image = localName(name);
    const found = find(await docker.listImages(), image);
    if (found === undefined || !isCurrent(name, found))
      await buildStandIn(docker, name, { image, base }, context);
    return { name: image, id: find(await docker.listImages(), image)?.Id ?? image };
  };
  return { registry: await ensure('registry'), 'build-engine': await ensure('build-engine') };
}

/** The stand-ins without a version in their environment have the public images' major version. */
function tagVersion(name: ImageName): string | undefined {
  return /:(\d+)/.exec(SOURCES[name])?.[1];
}

/** Returns the major version that the official images, and most of our stand-ins, have in their environment. */
async function versionOf(docker: Docker, id: string): Promise<string | undefined> {
  const { Config } = await docker.getImage(id).inspect();
  const variables = (Config.Env as string[] | null) ?? [];
  return variables.map((one) => VERSION.exec(one)?.[1]).find((version) => version !== undefined);
}

function localName(name: ImageName | BuildImageName): string {
  return `nexos-local/${name}:${name === 'debian' ? 'bookworm' : 'latest'}`;
}

function find(present: readonly Docker.ImageInfo[], image: string): Docker.ImageInfo | undefined {
  return present.find(({ RepoTags, RepoDigests }) =>
    [...(RepoTags ?? []), ...(RepoDigests ?? [])].includes(withTag(image)),
  );
}

async function pullChosen(docker: Docker, name: ImageName, image: string, { log }: Context): Promise<void> {
  try {
    await step(log, `Pulling ${image}`, () => pull(docker, image));
  } catch (error) {
    throw new SetupError(
      `Could not pull ${image}: ${messageOf(error)}. Build or load it yourself, or change ${name.toUpperCase()}_IMAGE.`,
    );
  }
}

/** @returns undefined on success, `refused` when a registry refuses, `silent` when none answers */
async function pullPublic(docker: Docker, name: ImageName, { log }: Context) {
  const image = SOURCES[name];
  try {
    await step(log, `Pulling ${image}`, () => pull(docker, image));
    const [repo = '', tag = ''] = localName(name).split(':');
    await docker.getImage(image).tag({ repo, tag });
    return undefined;
  } catch (error) {
    log(`Could not pull ${image} (${messageOf(error)}). Building a stand-in from Debian packages.`);
    // A registry answers "no such image" or "too many requests" with another status.
    const { statusCode = 500 } = error as { statusCode?: number };
    return statusCode === 500 ? 'silent' : 'refused';
  }
}

async function buildAll(docker: Docker, names: readonly ImageName[], context: Context): Promise<void> {
  const build = (name: ImageName) =>
    buildStandIn(docker, name, { image: localName(name), base: DEBIAN }, context);
  const others = names.filter((name) => name !== 'debian');
  // The other stand-ins are based on this one, even if DEBIAN_IMAGE names another Debian.
  if (find(await docker.listImages(), DEBIAN) === undefined) await build('debian');
  const building = others.map(build);
  // Setup releases its lock when it fails, so nothing may be running by then.
  await Promise.allSettled(building);
  await Promise.all(building);
}

/** Pulls an image; gives up after 8 s without a first response, or a minute without progress. */
async function pull(docker: Docker, image: string): Promise<void> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), FIRST_RESPONSE_MS);
  try {
    const stream = await docker.pull(withTag(image), { abortSignal: abort.signal });
    await followJson(stream, () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), SILENCE_MS);
    });
  } catch (error) {
    throw abort.signal.aborted ? new Error('the registry does not answer') : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Adds the tag `latest` to a name without a tag, of which the engine would pull every tag. */
function withTag(image: string): string {
  return image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`;
}
