import { DeploymentFailure } from '../deployments/deployment-failure.js';
import { type BuildSource, buildSources } from './build-sources.js';
import { TooComplexError } from './go-text.js';
import { isPrivateHost } from './private-host.js';
import { UNKNOWN } from './shell-word.js';

export interface SourceRules {
  /** The Dockerfile's path, for messages; null for the `image` of a container, which needs none. */
  readonly path: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `host[:port]` of the registries that images may come from although they are not public. */
  readonly registries: readonly string[];
}

/** The most characters of a host that a message quotes. */
const MAX_QUOTE = 100;
const PUBLIC_IMAGE =
  'Use an image of a public registry; the operator can allow others with REGISTRY_CREDENTIALS.';

/**
 * Rejects a Dockerfile that makes the engine fetch from a host that is not public. The engine fetches from the network
 * of its machine, where it reaches what listens on 127.0.0.1 and in private networks. Only names are checked: not where
 * they lead, nor redirects.
 *
 * @throws {DeploymentFailure} build_source_forbidden; dockerfile_invalid when the Dockerfile is too complex to read
 */
export function assertPublicSources(dockerfile: string, rules: SourceRules): void {
  try {
    for (const source of buildSources(dockerfile, rules.buildArgs)) assertPublic(source, rules);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    const message = `"${quote(rules.path ?? 'image')}" is too complex to check. Make it smaller, and its variables simpler.`;
    throw new DeploymentFailure('dockerfile_invalid', message, { cause: error });
  }
}

/** Returns the registry of an image's name, `host[:port]`; null for one on Docker Hub or on the engine. */
export function registryOf(image: string): string | null {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  return /[.:A-Z]/.test(first) || first === 'localhost' ? first.toLowerCase() : null;
}

function assertPublic(source: BuildSource, { path, registries }: SourceRules): void {
  const { line, instruction, kind, value } = source;
  const host = kind === 'url' ? hostOfUrl(value.trim()) : registryOf(value);
  if (host === null || (kind === 'image' && registries.includes(host))) return;
  if (path === null && isPrivateHost(host)) {
    throw new DeploymentFailure(
      'build_source_forbidden',
      `The image "${quote(value)}" names the host "${quote(host)}", which is not public. ${PUBLIC_IMAGE}`,
    );
  }
  const where = line === null ? 'The build argument' : `Line ${line} of "${quote(path ?? '')}":`;
  if (host.includes(UNKNOWN)) {
    throw new DeploymentFailure(
      'build_source_forbidden',
      `${where} ${instruction} takes its host from a variable that the Dockerfile does not set. Write the host, or give the variable a value with ARG.`,
    );
  }
  if (!isPrivateHost(host)) return;
  const remedy = kind === 'url' ? 'Fetch from a public host, or commit the file and use COPY.' : PUBLIC_IMAGE;
  throw new DeploymentFailure(
    'build_source_forbidden',
    `${where} ${instruction} names the host "${quote(host)}", which is not public. ${remedy}`,
  );
}

/** Returns the host, with its port, of a URL or Git address that ADD fetches; null for a path in the build context. */
function hostOfUrl(source: string): string | null {
  const authority = /^[a-z0-9][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(source)?.[1];
  if (authority !== undefined) {
    return authority.includes(UNKNOWN) ? UNKNOWN : authority.slice(authority.lastIndexOf('@') + 1);
  }
  const unknown = source.indexOf(UNKNOWN);
  // An unknown value can turn the start into a URL, unless a path has begun before it.
  if (unknown >= 0 && !/^[^:/]*\//.test(source.slice(0, unknown))) return UNKNOWN;
  const [, user, host = ''] = /^([^@/\s]*@)?(\[[^\]]*\]|[^:/@\s]+):/.exec(source) ?? [];
  if (host === '') return null;
  // `name:path` without a user is a file, unless it can only be a host.
  return user !== undefined || /[.[]|^localhost$/i.test(host) ? host : null;
}

function quote(text: string): string {
  const line = text.replace(/[^\x20-\x7E]/g, '?');
  return line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE)}…`;
}
