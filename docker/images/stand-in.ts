import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { root, type Context } from '../local/home.js';
import { CERTIFICATES, ensureProgram, findProgram } from '../local/install-engine.js';
import { step } from '../local/progress.mjs';
import { SetupError, messageOf } from '../local/setup-error.mjs';
import { packageFolders } from './package-folders.js';

export type ImageName = 'debian' | 'postgres' | 'redis' | 's3' | 'haproxy' | 'node';
/** Images that only isolated builds need; they have no public counterpart. */
export type BuildImageName = 'registry' | 'build-engine';
/** A file or folder of a build context. */
type ContextEntry = readonly [folder: string, name: string];

const STAND_IN = 'dev.nexos.stand-in';
const RECIPE = 'dev.nexos.stand-in.recipe';
const KEPT_LINES = 15;
/** The npm package that replaces the S3 server. */
const S3_PACKAGE = '@20minutes/s3rver';

/** Reports whether an image is public, or a stand-in built with the current recipe. */
export function isCurrent(name: ImageName | BuildImageName, { Labels }: Docker.ImageInfo): boolean {
  // The engine may answer null, which the types lack.
  const labels = (Labels as Record<string, string> | null) ?? {};
  if (labels[STAND_IN] !== 'true' || name === 'debian') return true;
  return labels[RECIPE] === recipeOf(name);
}

/** Builds the stand-in of a public image; `base` is the Debian image. */
export async function buildStandIn(
  docker: Docker,
  name: ImageName | BuildImageName,
  { image, base }: { image: string; base: string },
  context: Context,
): Promise<void> {
  const title = `Building ${image} from Debian packages`;
  await step(context.log, title, async () => {
    const lines: string[] = [];
    try {
      const stream =
        name === 'debian'
          ? await importDebian(docker, image, context)
          : // The classic builder, because these few steps need no BuildKit.
            await docker.buildImage(tarOf(name), {
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
      if (name === 'debian' || lines.some((line) => line.startsWith('Successfully'))) return;
      throw new Error('the build ended early');
    } catch (error) {
      throw new SetupError(`Could not build ${image}: ${messageOf(error)}\n${lines.join('\n')}`);
    }
  });
}

async function importDebian(docker: Docker, image: string, context: Context): Promise<NodeJS.ReadableStream> {
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      'No registry answers, and building a Debian image needs root. Connect to a registry, or run this as root once.',
    );
  }
  await ensureProgram('debootstrap', context);
  const [repo, tag] = image.split(':');
  const script = join(root, 'docker/images/debian/root.sh');
  const output = outputOf('sh', [script, join(context.home, 'debian-root')], context.lock);
  return await docker.importImage(output, { repo, tag, changes: `LABEL ${STAND_IN}=true` });
}

/**
 * Reads the JSON lines of a pull, build or import to the end. dockerode's own reader reports failures as success.
 *
 * @throws when a line reports an error or the connection fails
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

/** Returns the build context of a stand-in. */
function tarOf(name: ImageName | BuildImageName): Readable {
  const own = recipeFiles(name).map((path): ContextEntry => [dirname(path), basename(path)]);
  const added = { node: () => [hostNode(), ...hostNpm()], s3: () => [hostNode(), ...s3Packages()] };
  const entries = [...own, ...(name === 'node' || name === 's3' ? added[name]() : [])];
  return outputOf('tar', [
    ...['--numeric-owner', '-c'],
    ...entries.flatMap(([folder, entry]) => ['-C', folder, entry]),
  ]);
}

/** Returns a program's output, as a stream that fails with the program: a truncated context must not build. */
function outputOf(program: string, args: readonly string[], lock?: number): Readable {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', lock ?? 'ignore'] });
  const output = new PassThrough();
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors = `${errors}${chunk}`.slice(-2_000)));
  child.stdout?.pipe(output, { end: false });
  child.once('error', (error) => output.destroy(error));
  child.once('close', (code, signal) => {
    if (code === 0) output.end();
    else output.destroy(new Error(`${program} failed (${signal ?? code}):\n${errors}`));
  });
  return output;
}

function recipeFiles(name: ImageName | BuildImageName): string[] {
  const folder = join(root, 'docker/images', name);
  return readdirSync(folder)
    .sort()
    .map((file) => join(folder, file));
}

/** Returns the S3 server and its dependencies, without those inside another package's folder. */
function s3Packages(): ContextEntry[] {
  const folders = packageFolders([S3_PACKAGE], root);
  const outer = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  return outer.map((folder) => [root, relative(root, folder)]);
}

/** Returns this machine's Node.js. */
function hostNode(): ContextEntry {
  // Some distributions link node to their own libnode. The types lack this build setting.
  if ('node_shared' in process.config.variables && process.config.variables.node_shared === true) {
    throw new SetupError(
      "This machine's Node.js needs a shared libnode, so it cannot be copied into an image. Set NODE_IMAGE, or install Node.js from https://nodejs.org.",
    );
  }
  const node = realpathSync(process.execPath);
  return [dirname(node), basename(node)];
}

/** Returns this machine's npm and certificates: `npm ci` in a build must trust what npm trusts here. */
function hostNpm(): ContextEntry[] {
  const npm = dirname(dirname(realpathSync(findProgram('npm') ?? '/')));
  for (const path of [join(npm, 'bin/npm-cli.js'), CERTIFICATES]) {
    if (!existsSync(path)) throw new SetupError(`${path} does not exist. Install npm and ca-certificates.`);
  }
  return [npm, CERTIFICATES].map((path): ContextEntry => [dirname(path), basename(path)]);
}

/** Hashes everything in a stand-in; of programs and packages only the version. */
function recipeOf(name: ImageName | BuildImageName): string {
  const hash = createHash('sha256');
  for (const path of recipeFiles(name)) hash.update(readFileSync(path));
  if (name === 's3' || name === 'node') hash.update(process.version);
  if (name === 's3') {
    for (const [folder, path] of s3Packages()) hash.update(readFileSync(join(folder, path, 'package.json')));
  }
  if (name === 'node' && existsSync(CERTIFICATES)) hash.update(readFileSync(CERTIFICATES));
  return hash.digest('hex').slice(0, 16);
}
