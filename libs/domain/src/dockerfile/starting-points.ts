/** A kind of app that the guide has a Dockerfile for. */
interface StartingPoint {
  readonly title: string;
  /** The anchor of its section in the guide. */
  readonly anchor: string;
  /** Files by which it is recognized, at the root of the build context. */
  readonly signs: RegExp;
}

const GUIDE = 'docs/guides/dockerfiles.md';

/** The first that matches counts. */
export const STARTING_POINTS: readonly StartingPoint[] = [
  { title: 'Next.js', anchor: 'nextjs', signs: /^next\.config\.\w+$/ },
  { title: 'NestJS', anchor: 'nestjs', signs: /^nest-cli\.json$/ },
  { title: 'Vite', anchor: 'vite', signs: /^vite\.config\.\w+$/ },
  { title: 'Node.js with pnpm', anchor: 'nodejs-with-pnpm', signs: /^pnpm-lock\.yaml$/ },
  { title: 'Node.js with Yarn', anchor: 'nodejs-with-yarn', signs: /^yarn\.lock$/ },
  { title: 'Node.js with npm', anchor: 'nodejs-with-npm', signs: /^package\.json$/ },
  {
    title: 'Python',
    anchor: 'python',
    signs: /^(?:requirements\.txt|pyproject\.toml|setup\.py|Pipfile|manage\.py)$/,
  },
  { title: 'Go', anchor: 'go', signs: /^go\.mod$/ },
  { title: 'Ruby', anchor: 'ruby', signs: /^(?:Gemfile|config\.ru)$/ },
  { title: 'PHP', anchor: 'php', signs: /^(?:composer\.json|index\.php|artisan)$/ },
  { title: 'static files', anchor: 'static-files', signs: /^index\.html$/ },
];
/** Other files that say how an app is built or run. */
const OTHER_SIGNS =
  /^(?:Procfile|package-lock\.json|compose\.ya?ml|docker-compose\.ya?ml|Makefile|bun\.lockb?|deno\.jsonc?|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|mix\.exs|[\w.-]+\.(?:csproj|fsproj|sln))$/;
const DOCKERFILE = /(?:^|\/)(?:(?:Docker|Container)file(?:\.[\w.-]+)?|[\w.-]+\.Dockerfile)$/i;
/** Folders of other people's packages. */
const VENDORED = /(?:^|\/)(?:node_modules|vendor|\.[^/]+)\//;
/** How deep an app of several may be, such as `apps/web/package.json`. */
const MAX_DEPTH = 3;
const MAX_FOUND = 6;
const MAX_DOCKERFILES = 3;
const MAX_QUOTE = 100;

/**
 * Says what a repository without a Dockerfile has, and where to begin.
 *
 * @param paths the files of the build context, relative to it
 * @param folder the build context, relative to the root of the repository
 */
export function startingPointOf(paths: readonly string[], folder: string): string {
  const below = (path: string) => quote(folder === '' ? path : `${folder}/${path}`);
  const dockerfiles = paths.filter((path) => DOCKERFILE.test(path) && !path.endsWith('.dockerignore'));
  if (dockerfiles.length > 0) {
    const found = dockerfiles.slice(0, MAX_DOCKERFILES).map(below).join(', ');
    return `It has ${found}: set dockerfile to the right path in the project's settings, or build.dockerfile in nexos.yaml.`;
  }
  const top = paths.filter((path) => !path.includes('/'));
  const isSign = (path: string) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return OTHER_SIGNS.test(name) || STARTING_POINTS.some(({ signs }) => signs.test(name));
  };
  const found = top.filter(isSign).slice(0, MAX_FOUND).map(below);
  if (found.length === 0) {
    const deeper = paths.filter((path) => path.split('/').length <= MAX_DEPTH && !VENDORED.test(path));
    const elsewhere = deeper.filter(isSign).slice(0, MAX_FOUND).map(below);
    if (elsewhere.length > 0) {
      return `Found ${elsewhere.join(', ')}: ${GUIDE} has Dockerfiles to begin with. If the app is in a folder of its own, set dockerfile and build_context to it.`;
    }
    return `Add the file, or correct the path in the project's settings or in nexos.yaml. ${GUIDE} has Dockerfiles to begin with.`;
  }
  const point = STARTING_POINTS.find(({ signs }) => top.some((path) => signs.test(path)));
  const where =
    point === undefined
      ? `${GUIDE} has Dockerfiles to begin with`
      : `${GUIDE}#${point.anchor} has a Dockerfile for ${point.title} to begin with`;
  return `Found ${found.join(', ')}: ${where}.`;
}

function quote(path: string): string {
  const line = path.replace(/[^\x20-\x7E]/g, '?');
  return line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE)}…`;
}
