// @ts-check
// Bundles each app with its packages: npm run build. Loading one file instead of two thousand halves the time to start,
// and unused exports of ES modules are left out.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import * as esbuild from 'esbuild';

/** @typedef {(error: string | undefined) => void} Listener receives the error of a build, or undefined on success */

const USAGE = `Bundles the apps into dist, with their packages and source maps. npm start and the tests do it when the sources have changed.

  npm run build
  --help    print this text
`;
/** Packages that find their native code relative to their own path, or that are optional and not installed. */
const NOT_BUNDLED = ['argon2', 'cpu-features', '*.node'];
/** Builds that end within this time are written and reported together. */
const TOGETHER_MS = 100;
/** Globals that bundled CommonJS modules expect and ES modules lack. */
const COMMONJS_GLOBALS = [
  "import { createRequire as nexosRequire } from 'node:module';",
  "import { fileURLToPath as nexosPath } from 'node:url';",
  'const require = nexosRequire(import.meta.url);',
  'const __filename = nexosPath(import.meta.url);',
  "const __dirname = nexosPath(new URL('.', import.meta.url));",
].join('');

/**
 * Bundles each app and each command of the API into `dist`, with source maps beside them.
 *
 * @param {string} root
 * @throws {Error} naming each error with its file and line
 */
export async function bundle(root) {
  const builds = await allOptionsOf(root);
  await write(root, await Promise.all(builds.map((options) => esbuild.build(options))));
}

/**
 * Bundles now and after each change of a source file, until `stop` is called.
 *
 * @param {string} root
 * @param {Listener} onBuilt
 * @returns {Promise<() => Promise<void>>} stop
 */
export async function watch(root, onBuilt) {
  /** @type {(esbuild.BuildResult | undefined)[]} */
  const results = [];
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const reportAll = async () => {
    const ended = results.flatMap((result) => result ?? []);
    if (ended.length < results.length) return;
    const errors = ended.flatMap((result) => result.errors);
    if (errors.length === 0) await write(root, ended);
    onBuilt(errors.length === 0 ? undefined : await textOf(errors));
  };
  const contexts = await Promise.all(
    (await allOptionsOf(root)).map((options, i) => {
      results.push(undefined);
      const report = plugin('report', (build) =>
        build.onEnd((result) => {
          results[i] = result;
          clearTimeout(timer);
          timer = setTimeout(() => void reportAll(), TOGETHER_MS);
        }),
      );
      return esbuild.context({ ...options, plugins: [...(options.plugins ?? []), report] });
    }),
  );
  await Promise.all(contexts.map((context) => context.watch()));
  return async () => {
    clearTimeout(timer);
    await Promise.all(contexts.map((context) => context.dispose()));
  };
}

/**
 * The agent is bundled apart: bundles that share chunks share everything that any of them uses of a library, and the agent,
 * which runs on every machine, would load TypeORM.
 *
 * @param {string} root
 */
async function allOptionsOf(root) {
  const entryPoints = await entryPointsOf(root);
  const agent = join(root, 'apps/agent/src/main.ts');
  const others = entryPoints.filter((path) => path !== agent);
  return [optionsOf(root, others), ...(others.length < entryPoints.length ? [optionsOf(root, [agent])] : [])];
}

/**
 * @param {string} root
 * @param {string[]} entryPoints
 * @returns {esbuild.BuildOptions & { write: false, metafile: true }}
 */
function optionsOf(root, entryPoints) {
  return {
    absWorkingDir: root,
    entryPoints,
    outbase: root,
    outdir: join(root, 'dist'),
    chunkNames: 'chunks/[name]-[hash]',
    tsconfig: join(root, 'tsconfig.build.json'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Prefers ES modules, because esbuild leaves out their unused exports.
    mainFields: ['module', 'main'],
    external: NOT_BUNDLED,
    // Decorators need it. Imports of shared chunks are not evaluated in the order of the sources.
    inject: [createRequire(import.meta.url).resolve('reflect-metadata')],
    banner: { js: COMMONJS_GLOBALS },
    // Nest, TypeORM and the OpenAPI document use the names of classes.
    keepNames: true,
    legalComments: 'none',
    // Node.js keeps the source text in memory.
    minifySyntax: true,
    minifyWhitespace: true,
    // Node.js prints the line of an uncaught error.
    lineLimit: 160,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    // This process writes the files: esbuild's own process could still write after this one was killed.
    write: false,
    logLevel: 'silent',
    plugins: [decorators, optionalPackages, oneTypeorm],
  };
}

/** @param {string} root */
async function entryPointsOf(root) {
  const apps = await readdir(join(root, 'apps'), { recursive: true });
  return apps
    .filter((path) => /^[^/]+\/src\/(main|commands\/[^/]+)\.ts$/.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(root, 'apps', path))
    .sort();
}

/** The start of esbuild's helper that sets the name of a function or class. */
const SET_NAME = /(\b__name)=\((\w+),(\w+)\)=>(?=__defProp\()/;

/** @type {import('@swc/core').Options} */
const SWC = {
  configFile: false,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/** Nest and TypeORM read the types of decorated parameters and fields at run time; esbuild does not emit them. */
const decorators = plugin('decorators', (build) =>
  build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    try {
      const { code } = await transform(await readFile(path, 'utf8'), { ...SWC, filename: path });
      return { contents: code, loader: 'js' };
    } catch (error) {
      // What follows is a trace of the compiler itself.
      return { errors: [{ text: String(error).split('Caused by:')[0]?.trim() ?? '' }] };
    }
  }),
);

/** Leaves out optional packages that are not installed; the packages that load them handle their absence. */
const optionalPackages = plugin('optional-packages', (build) => {
  const isResolving = Symbol('is-resolving');
  build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...rest }) => {
    if (pluginData === isResolving || rest.kind === 'entry-point' || rest.kind === 'import-statement')
      return undefined;
    const found = await build.resolve(path, { ...rest, pluginData: isResolving });
    return found.errors.length === 0 ? found : { path, external: true };
  });
});

/** The line with which `@nestjs/typeorm` loads TypeORM at run time: from `node_modules`, beside that of the bundle. */
const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';

/** Makes `@nestjs/typeorm` use the bundle's TypeORM. A second one would take 40% of the time that an app needs to start. */
const oneTypeorm = plugin('one-typeorm', (build) =>
  build.onLoad({ filter: /@nestjs\/typeorm\/.*\/typeorm-compat\.js$/ }, async ({ path }) => {
    const code = await readFile(path, 'utf8');
    if (!code.includes(OWN_REQUIRE))
      throw new Error(`${path} has changed. Adapt the plugin one-typeorm to it.`);
    return { contents: code.replace(OWN_REQUIRE, '') };
  }),
);

/**
 * Writes the output, and deletes files of earlier builds.
 *
 * @param {string} root
 * @param {readonly esbuild.BuildResult[]} results
 */
async function write(root, results) {
  const outputFiles = results.flatMap((result) => result.outputFiles ?? []);
  const dist = join(root, 'dist');
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.js') ? withCheapNames(contents) : contents);
  }
  const current = new Set(outputFiles.map(({ path }) => relative(dist, path)));
  for (const path of await readdir(dist, { recursive: true })) {
    if (/\.(js|map)$/.test(path) && !current.has(path)) await rm(join(dist, path));
  }
}

/**
 * Sets the name only of classes, and where the bundler changed it. Otherwise each function that is created gets a property:
 * the API would serve a third fewer requests.
 *
 * @param {Uint8Array} code
 */
function withCheapNames(code) {
  return new TextDecoder()
    .decode(code)
    .replace(SET_NAME, '$1=($2,$3)=>$3.charCodeAt(0)>96||$2.name===$3?$2:');
}

/** @param {esbuild.Message[]} errors */
async function textOf(errors) {
  return (await esbuild.formatMessages(errors, { kind: 'error', color: false })).join('').trimEnd();
}

/**
 * @param {string} name
 * @param {(build: esbuild.PluginBuild) => void} setup
 * @returns {esbuild.Plugin}
 */
function plugin(name, setup) {
  return { name, setup };
}

/** @param {string[]} args */
async function main(args) {
  const isHelp = args.length === 1 && args[0] === '--help';
  if (args.length === 0) await bundle(resolve('.'));
  else (isHelp ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = args.length === 0 || isHelp ? 0 : 2;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
