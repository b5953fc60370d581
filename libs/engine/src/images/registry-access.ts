import { registryOfImage } from '@nexos/domain';
import { LABELS, type Labels } from '../client/engine-labels.js';
import type { RegistryCredentials } from './registry-credentials.js';
import type { RegistryTokens } from './registry-tokens.js';

/** A push ends within the timeout of its build. */
const PUSH_SECONDS = 2 * 3600;
/** Swarm keeps the token of a service, and pulls with it when a task starts on another node. */
export const PULL_SECONDS = 30 * 24 * 3600;

/** What the engine expects in `X-Registry-Auth`. */
export interface RegistryAuth {
  readonly base64: string;
}

/** Knows how to authenticate to registries: with a token to the one of Nexos, else with the operator's users. */
export class RegistryAccess {
  constructor(
    private readonly options: {
      readonly instance: string;
      /** `REGISTRY_URL` */
      readonly registry: string | undefined;
      readonly credentials: RegistryCredentials;
      /** Null if the registry has users, or lets everybody in. */
      readonly tokens: RegistryTokens | null;
    },
  ) {}

  /**
   * Returns the credentials for a push to a repository of this installation.
   *
   * @param repo registry and path
   */
  forPush(repo: string): RegistryAuth {
    return this.tokenFor(repo, ['pull', 'push'], PUSH_SECONDS) ?? this.forImage(repo);
  }

  /** Returns the operator's credentials for an image's registry; the engine requires the header even without any. */
  forImage(image: string): RegistryAuth {
    const host = registryOfImage(image);
    const found = this.options.credentials.get(host);
    return encoded(
      found === undefined ? {} : { username: found.user, password: found.password, serveraddress: host },
    );
  }

  /**
   * Returns the credentials with which any node pulls the image of a service; undefined if it needs none.
   *
   * @param labels those of the service: a token is only for an image of the service's own project
   */
  forService(image: string, labels: Labels | null | undefined): RegistryAuth | undefined {
    if (image.startsWith('sha256:')) return undefined;
    if (this.hasToken(image, labels)) {
      return this.tokenFor(image.split('@', 1)[0] ?? '', ['pull'], PULL_SECONDS) ?? undefined;
    }
    return this.options.credentials.has(registryOfImage(image)) ? this.forImage(image) : undefined;
  }

  /** Reports whether nodes pull a service's image with a token of Nexos. */
  hasToken(image: string, labels: Labels | null | undefined): boolean {
    const { registry, instance, tokens } = this.options;
    const prefix = `${registry ?? ''}/${instance}/`;
    if (tokens === null || registry === undefined || !image.startsWith(prefix) || !image.includes('@')) {
      return false;
    }
    const [owner = ''] = image.slice(prefix.length).split(/[/@]/, 1);
    return owner === labels?.[LABELS.project] || owner === labels?.[LABELS.environment];
  }

  private tokenFor(
    repo: string,
    actions: readonly ('pull' | 'push')[],
    lifetimeSeconds: number,
  ): RegistryAuth | null {
    const { registry, tokens } = this.options;
    if (tokens === null || registry === undefined || !repo.startsWith(`${registry}/`)) return null;
    const repository = repo.slice(repo.indexOf('/') + 1);
    return encoded({ registrytoken: tokens.sign({ repository, actions, lifetimeSeconds }) });
  }
}

/** Go's decoder drops the end of what lacks its padding. */
function encoded(auth: Readonly<Record<string, string>>): RegistryAuth {
  const base64 = Buffer.from(JSON.stringify(auth)).toString('base64');
  return { base64: base64.replaceAll('+', '-').replaceAll('/', '_') };
}
