import type Docker from 'dockerode';
import type { Engine } from './engine.js';
import type { Context } from './home.js';
import { step } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';
import { buildStandIn, followJson, isCurrent, type ImageName } from './stand-in.js';

export interface Image {
  /** Its name on the engine. */
  readonly name: string;
  readonly id: string;
}
export type Images = Record<ImageName, Image>;

interface Source {
  readonly from: string;
  readonly local: string;
  /** The environment variable that names another image, which is pulled or used as it is. */
  readonly variable: string;
}

const FIRST_WORD_MS = 8_000;
const SILENCE_MS = 60_000;

const source = (name: string, from: string, tag = 'latest'): Source => ({
  from,
  local: `nexos-local/${name}:${tag}`,
  variable: `${name.toUpperCase()}_IMAGE`,
});
const SOURCES: Record<ImageName, Source> = {
  debian: source('debian', 'debian:bookworm-slim', 'bookworm'),
  postgres: source('postgres', 'postgres:17-bookworm'),
  redis: source('redis', 'redis:7-bookworm'),
  s3: source('s3', 'versity/versitygw:v1.8.0'),
  haproxy: source('haproxy', 'haproxy:2.8-bookworm'),
  node: source('node', 'node:22-bookworm-slim'),
};
const NAMES = Object.keys(SOURCES) as ImageName[];

/** Provides every image: pulled where a registry answers, else a stand-in built from Debian's packages. */
export async function ensureImages({ docker }: Engine, context: Context): Promise<Images> {
  const present = await docker.listImages();
  const missing: ImageName[] = [];
  const outdated: ImageName[] = [];
  for (const name of NAMES) {
    const found = find(present, nameOf(name, context));
    if (found === undefined) missing.push(name);
    else if (!context.environment[SOURCES[name].variable] && !isCurrent(name, found)) outdated.push(name);
  }
  if (missing.length + outdated.length === 0) return identify(present, context);
  const unavailable = await pullAll(docker, missing, context);
  await buildAll(docker, [...outdated, ...unavailable], context);
  return identify(await docker.listImages(), context);
}

function nameOf(name: ImageName, { environment }: Context): string {
  return environment[SOURCES[name].variable] || SOURCES[name].local;
}

function find(present: Docker.ImageInfo[], name: string): Docker.ImageInfo | undefined {
  return present.find(
    ({ RepoTags: tags, RepoDigests: digests }) =>
      tags?.includes(withTag(name)) === true || digests?.includes(name) === true,
  );
}

function identify(present: Docker.ImageInfo[], context: Context): Images {
  const entries = NAMES.map((name) => {
    const found = nameOf(name, context);
    return [name, { name: found, id: find(present, found)?.Id ?? found }];
  });
  return Object.fromEntries(entries) as Images;
}

/** @returns the images that no registry has provided */
async function pullAll(docker: Docker, names: ImageName[], context: Context): Promise<ImageName[]> {
  const { environment, log } = context;
  const unavailable: ImageName[] = [];
  let registryAnswers = true;
  for (const name of names) {
    const { from, local, variable } = SOURCES[name];
    const chosen = environment[variable];
    if (chosen) {
      await step(log, `Pulling ${chosen}`, () => pull(docker, chosen)).catch((error: unknown) => {
        throw new SetupError(
          `${variable} names ${chosen}, which is not on this engine and cannot be pulled: ${messageOf(error)}`,
        );
      });
      continue;
    }
    try {
      if (!registryAnswers) throw new Error('the registry does not answer');
      await step(log, `Pulling ${from}`, () => pull(docker, from));
      const [repo = '', tag = ''] = local.split(':');
      await docker.getImage(from).tag({ repo, tag });
    } catch (error) {
      if (registryAnswers)
        log(`${from} cannot be pulled (${messageOf(error)}); building a stand-in instead.`);
      // "No such image" and "too many requests" are the registry's answers; anything else is its absence.
      registryAnswers &&= ![undefined, 500].includes((error as { statusCode?: number }).statusCode);
      unavailable.push(name);
    }
  }
  return unavailable;
}

async function buildAll(docker: Docker, names: ImageName[], context: Context): Promise<void> {
  if (names.length === 0) return;
  const build = (name: ImageName) =>
    buildStandIn(docker, name, { image: SOURCES[name].local, base: SOURCES.debian.local }, context);
  // Every other stand-in begins with this one, even when DEBIAN_IMAGE names another Debian.
  const base = find(await docker.listImages(), SOURCES.debian.local);
  if (base === undefined || names.includes('debian')) await build('debian');
  const others = names.filter((name) => name !== 'debian').map(build);
  // Set-up gives up its lock when it fails, so nothing may be at work by then.
  await Promise.allSettled(others);
  await Promise.all(others);
}

/** Pulls an image; gives up when the registry is silent at first, or for a minute later on. */
async function pull(docker: Docker, image: string): Promise<void> {
  const abort = new AbortController();
  const giveUp = (): void => abort.abort();
  let timer = setTimeout(giveUp, FIRST_WORD_MS);
  try {
    const stream = await docker.pull(withTag(image), { abortSignal: abort.signal });
    await followJson(stream, () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
    });
  } catch (error) {
    throw abort.signal.aborted ? new Error('the registry does not answer') : error;
  } finally {
    clearTimeout(timer);
  }
}

/** The engine pulls every tag of a name without one. */
function withTag(image: string): string {
  return image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`;
}
