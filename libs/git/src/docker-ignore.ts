import { setImmediate } from 'node:timers/promises';
import vm from 'node:vm';
import { DeploymentFailure } from '@nexos/domain';
import dockerignore from '@balena/dockerignore';

const SLICE_PATHS = 1000;
const SLICE_MILLISECONDS = 1000;
const TOTAL_MILLISECONDS = 20_000;

/**
 * Returns the paths of a build context that its `.dockerignore` excludes.
 *
 * The library turns patterns into regular expressions, and a hostile pattern yields one that never ends. Matching
 * therefore runs under V8's time limit, in slices that let other work proceed in between.
 *
 * @param paths relative to the context, without a trailing slash
 * @throws {DeploymentFailure} dockerfile_invalid when a pattern is malformed or takes too long
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export async function ignoredPaths(text: string, paths: readonly string[]): Promise<Set<string>> {
  const ignored = new Set<string>();
  const patterns = patternsOf(text);
  if (patterns.length === 0) return ignored;
  const matcher = dockerignore.default({ ignorecase: false }).add(patterns);
  // By default its cache already knows files named like a property of every object, such as `constructor`.
  Reflect.set(matcher, '_cache', Object.create(null));
  let slice: readonly string[] = [];
  const context = vm.createContext({
    match: () => {
      for (const path of slice) if (matcher.ignores(path)) ignored.add(path);
    },
  });
  const script = new vm.Script('match()');
  const deadline = Date.now() + TOTAL_MILLISECONDS;
  for (let start = 0; start < paths.length; start += SLICE_PATHS) {
    slice = paths.slice(start, start + SLICE_PATHS);
    try {
      script.runInContext(context, { timeout: SLICE_MILLISECONDS });
    } catch (error) {
      throw unusable(error);
    }
    await setImmediate();
    if (Date.now() > deadline) throw unusable();
  }
  return ignored;
}

/** Parses the patterns as Docker does: without a byte order mark, comments and empty lines. */
function patternsOf(text: string): string[] {
  return text
    .replace(/^\u{feff}/u, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map(escapeForLibrary);
}

/** Escapes characters that the library passes on to the regular expression, but that Docker treats literally. */
function escapeForLibrary(pattern: string): string {
  return pattern.replaceAll(/\\.|[+(){}|]/g, (found) => (found.startsWith('\\') ? found : `\\${found}`));
}

function unusable(cause?: unknown): DeploymentFailure {
  return new DeploymentFailure(
    'dockerfile_invalid',
    'The .dockerignore has a pattern that is malformed or takes too long to match. Simplify it.',
    cause === undefined ? {} : { cause },
  );
}
