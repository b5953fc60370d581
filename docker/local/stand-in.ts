import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { root, type Context } from './home.js';
import { CERTIFICATES, findProgram } from './install-engine.js';
import { packageFolders } from './package-folders.js';
import { step } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

export type ImageName = 'debian' | 'postgres' | 'redis' | 's3' | 'haproxy' | 'node';
/** One file or folder that goes into a build context. */
type ContextEntry = readonly [folder: string, name: string];

const STAND_IN = 'dev.nexos.stand-in';
const RECIPE = 'dev.nexos.stand-in.recipe';
const KEPT_LINES = 15;
/** The npm package that stands in for the S3 server. */
const S3_PACKAGE = '@20minutes/s3rver';

/** Reports whether an image is either a public one, or a stand-in built by the current recipe. */
export function isCurrent(name: ImageName, { Labels }: Docker.ImageInfo): boolean {
  // The types do not know that the engine may answer null.
  const labels = (Labels as Record<string, string> | null) ?? {};
  if (labels[STAND_IN] !== 'true' || name === 'debian') return true;
  return labels[RECIPE] === recipeOf(name);
}

/** Builds the stand-in of a public image; `base` is that of Debian. */
export async function buildStandIn(
  docker: Docker,
  name: ImageName,
  { image, base }: { image: string; base: string },
  context: Context,
): Promise<void> {
  await step(context.log, `Building ${image} from Debian's packages`, async () => {
    if (name !== 'debian') {
      await build(docker, name, image, base);
      return;
    }
    const { makeDebianRoot } = await import('./debian-root.js');
    const [repo, tag] = image.split(':');
    await makeDebianRoot(context, async (folder) => {
      const options = { repo, tag, changes: `LABEL ${STAND_IN}=true` };
      await followJson(await docker.importImage(tar([[folder, '.']]), options), () => undefined);
    });
  });
}

async function build(docker: Docker, name: ImageName, image: string, base: string): Promise<void> {
  const lines: string[] = [];
  try {
    // The engine's classic builder: these few steps need nothing of BuildKit's.
    const stream = await docker.buildImage(tar(contextOf(name)), {
      t: image,
      buildargs: { BASE: base },
      labels: { [STAND_IN]: 'true', [RECIPE]: recipeOf(name) },
      rm: true,
      forcerm: true,
    });
    await followJson(stream, (text) => {
      lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - KEPT_LINES);
    });
    if (!lines.some((line) => line.startsWith('Successfully'))) throw new Error('the build ended early');
  } catch (error) {
    throw new SetupError(`${image} could not be built: ${messageOf(error)}\n${lines.join('\n')}`);
  }
}

/**
 * Reads the JSON lines of a pull, build or import to their end. dockerode's own reader takes a failure for success.
 *
 * @throws when a line or the connection says that it failed
 */
export async function followJson(
  stream: NodeJS.ReadableStream,
  onText: (text: string) => void,
): Promise<void> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.trim() !== '')) {
      const { error, stream: text = '' } = JSON.parse(line) as { error?: string; stream?: string };
      if (error !== undefined) throw Object.assign(new Error(error), { statusCode: 500 });
      onText(text);
    }
  }
}

function contextOf(name: ImageName): ContextEntry[] {
  const folder = join(root, 'docker/images', name);
  const own = recipeFiles(name).map((file): ContextEntry => [folder, file]);
  if (name === 'node') return [...own, hostNode(), ...hostNpm()];
  return name === 's3' ? [...own, hostNode(), ...s3Packages()] : own;
}

function recipeFiles(name: ImageName): string[] {
  return readdirSync(join(root, 'docker/images', name)).sort();
}

/** Returns the S3 server and its dependencies; those inside of another package's folder come along with that. */
function s3Packages(): ContextEntry[] {
  const folders = packageFolders([S3_PACKAGE], root);
  const outer = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  return outer.map((folder) => [root, relative(root, folder)]);
}

/** Returns this machine's own Node.js. */
function hostNode(): ContextEntry {
  // Distributions link node to their own libnode; the types do not list this build setting.
  if ('node_shared' in process.config.variables && process.config.variables.node_shared === true) {
    throw new SetupError(
      "No Node.js image can be pulled, and this machine's node is linked to its own libraries, so it cannot stand in. Set NODE_IMAGE, or use a Node.js from nodejs.org.",
    );
  }
  const node = realpathSync(process.execPath);
  return [dirname(node), basename(node)];
}

/** Returns this machine's own npm and certificates: `npm ci` in a build must trust what npm trusts here. */
function hostNpm(): ContextEntry[] {
  const program = findProgram('npm');
  const npm = program === undefined ? '' : dirname(dirname(realpathSync(program)));
  if (!existsSync(join(npm, 'bin/npm-cli.js'))) {
    throw new SetupError('npm is not installed; it comes with Node.js.');
  }
  if (!existsSync(CERTIFICATES)) {
    throw new SetupError('There are no CA certificates. Install them (apt-get install ca-certificates).');
  }
  return [npm, CERTIFICATES].map((path): ContextEntry => [dirname(path), basename(path)]);
}

/** Hashes everything that goes into a stand-in except programs and packages, which count by their version. */
function recipeOf(name: ImageName): string {
  const hash = createHash('sha256');
  for (const file of recipeFiles(name)) hash.update(readFileSync(join(root, 'docker/images', name, file)));
  if (name === 's3' || name === 'node') hash.update(process.version);
  if (name === 's3') {
    for (const [folder, path] of s3Packages()) hash.update(readFileSync(join(folder, path, 'package.json')));
  }
  if (name === 'node' && existsSync(CERTIFICATES)) hash.update(readFileSync(CERTIFICATES));
  return hash.digest('hex').slice(0, 16);
}

/** Returns a tar stream that fails when tar does: a context that was cut off must not build. */
function tar(entries: readonly ContextEntry[]): Readable {
  const args = ['--numeric-owner', '-c', ...entries.flatMap(([folder, name]) => ['-C', folder, name])];
  const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.once('error', (error) => child.stdout.destroy(error));
  child.once('exit', (code) => {
    if (code !== 0) child.stdout.destroy(new Error(`tar failed (${code})`));
  });
  return child.stdout;
}
