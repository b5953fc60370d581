// @ts-check
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { makeDebianRoot } from './debian-root.mjs';
import { followJson } from './engine-api.mjs';
import { findProgram } from './find-program.mjs';
import { root } from './home.mjs';
import { packageFolders } from './package-folders.mjs';
import { step } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

/** @typedef {import('./images.mjs').ImageName} ImageName */
/** @typedef {[folder: string, name: string]} ContextEntry one file or folder that goes into a build context */

const STAND_IN = 'dev.nexos.stand-in';
const RECIPE = 'dev.nexos.stand-in.recipe';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const KEPT_LINES = 15;
/** The npm package that stands in for the S3 server. */
const S3_PACKAGE = '@20minutes/s3rver';

/**
 * Whether an image is either a public one, or a stand-in made by today's recipe.
 *
 * @param {ImageName} name
 * @param {import('./images.mjs').ImageSummary} image
 */
export function isCurrent(name, image) {
  const labels = image.Labels ?? {};
  if (labels[STAND_IN] !== 'true' || name === 'debian') return true;
  return labels[RECIPE] === recipeOf(name);
}

/**
 * Builds the stand-in of a public image and gives it the tag `image`.
 *
 * @param {import('./images.mjs').EngineContext} context
 * @param {ImageName} name
 * @param {string} image
 * @param {string} base the stand-in of Debian
 */
export async function buildStandIn(context, name, image, base) {
  const title = `Building ${image} from Debian's packages`;
  await step(context.log, title, () =>
    name === 'debian' ? importDebian(context, image) : build(context, name, image, base),
  );
}

/**
 * @param {import('./images.mjs').EngineContext} context
 * @param {string} image
 */
async function importDebian(context, image) {
  const [repo, tag] = image.split(':');
  await makeDebianRoot(context, async (folder) => {
    const response = await context.engine.stream('POST', '/images/create', {
      query: { fromSrc: '-', repo, tag, changes: `LABEL ${STAND_IN}=true` },
      body: tar([[folder, '.']]),
    });
    await followJson(response, () => undefined);
  });
}

/**
 * @param {import('./images.mjs').EngineContext} context
 * @param {ImageName} name
 * @param {string} image
 * @param {string} base
 */
async function build({ engine }, name, image, base) {
  /** @type {string[]} */
  const lines = [];
  try {
    // The engine's own builder: BuildKit needs a session for nothing that these few steps do.
    const response = await engine.stream('POST', '/build', {
      query: {
        t: image,
        buildargs: { BASE: base },
        labels: { [STAND_IN]: 'true', [RECIPE]: recipeOf(name) },
        rm: 1,
        forcerm: 1,
      },
      body: tar(contextOf(name)),
    });
    await followJson(response, ({ stream }) => {
      lines.push(...(stream ?? '').split('\n').filter((line) => line.trim() !== ''));
      lines.splice(0, lines.length - KEPT_LINES);
    });
    if (!lines.some((line) => line.startsWith('Successfully'))) throw new Error('the build ended early');
  } catch (error) {
    throw new SetupError(`${image} could not be built: ${messageOf(error)}\n${lines.join('\n')}`);
  }
}

/**
 * @param {ImageName} name
 * @returns {ContextEntry[]}
 */
function contextOf(name) {
  const folder = join(root, 'docker/images', name);
  /** @type {ContextEntry[]} */
  const own = readdirSync(folder)
    .sort()
    .map((file) => [folder, file]);
  if (name === 'node') return [...own, ...hostNode(), ...hostNpm()];
  return name === 's3' ? [...own, ...hostNode(), ...s3Packages()] : own;
}

/**
 * The S3 server and what it depends on; what is inside of another package comes along with that.
 *
 * @returns {ContextEntry[]}
 */
function s3Packages() {
  const folders = packageFolders([S3_PACKAGE], root);
  const outer = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  return outer.map((folder) => [root, relative(root, folder)]);
}

/**
 * This machine's own Node.js.
 *
 * @returns {ContextEntry[]}
 */
function hostNode() {
  // Distributions link node to their own libnode; the types do not list this build setting.
  if ('node_shared' in process.config.variables && process.config.variables.node_shared === true) {
    throw new SetupError(
      "No Node.js image can be pulled, and this machine's node is linked to its own libraries, so that it cannot stand in. Set NODE_IMAGE, or use a Node.js from nodejs.org.",
    );
  }
  const node = realpathSync(process.execPath);
  return [[dirname(node), basename(node)]];
}

/**
 * This machine's own npm and certificates: `npm ci` in a build has to trust what npm trusts here.
 *
 * @returns {ContextEntry[]}
 */
function hostNpm() {
  const npmProgram = findProgram('npm');
  const npm = npmProgram === undefined ? '' : dirname(dirname(realpathSync(npmProgram)));
  if (!existsSync(join(npm, 'bin/npm-cli.js')))
    throw new SetupError('npm is not installed; it comes with Node.js.');
  if (!existsSync(CERTIFICATES)) {
    throw new SetupError(
      'There are no CA certificates here. Install them (apt-get install ca-certificates).',
    );
  }
  return [
    [dirname(npm), basename(npm)],
    [dirname(CERTIFICATES), basename(CERTIFICATES)],
  ];
}

/**
 * A hash of all that goes into a stand-in except programs and packages, which are named by their version.
 *
 * @param {ImageName} name
 */
function recipeOf(name) {
  const hash = createHash('sha256');
  const folder = join(root, 'docker/images', name);
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  if (name === 's3') {
    hash.update(process.version);
    for (const [folder, path] of s3Packages()) hash.update(readFileSync(join(folder, path, 'package.json')));
  }
  if (name === 'node') {
    hash.update(process.version);
    if (existsSync(CERTIFICATES)) hash.update(readFileSync(CERTIFICATES));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * A tar stream, which fails when tar does: a context that was cut off must not build.
 *
 * @param {ContextEntry[]} entries
 */
function tar(entries) {
  const args = ['--numeric-owner', '-c', ...entries.flatMap(([folder, name]) => ['-C', folder, name])];
  const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.once('error', (error) => child.stdout.destroy(error));
  child.once('exit', (code) => {
    if (code !== 0) child.stdout.destroy(new Error(`tar failed (${code})`));
  });
  return child.stdout;
}
