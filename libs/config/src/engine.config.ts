import { readFileSync } from 'node:fs';
import { type RegistryLogin } from '@nexos/domain';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';
import { AreLogins, LOGINS_EXAMPLE, loginsIn } from './registry-logins.js';

/** The Docker Engine and its Swarm. */
export class EngineConfig {
  @Env(
    'DOCKER_HOST',
    'The container engine: `unix:///path` or `tcp://host:port`. Port 2376 uses TLS with the certificates in `DOCKER_CERT_PATH`.',
  )
  @Matches(/^(unix:\/\/\/|tcp:\/\/|https?:\/\/)/, {
    message: 'must be a unix:///, tcp:// or http(s):// address',
  })
  dockerHost = 'unix:///var/run/docker.sock';

  /** Part of names that are DNS labels and also hold an id, hence the length. */
  @Env(
    'NEXOS_INSTANCE',
    'Labels everything that this installation creates on the container engine. Nexos leaves everything else alone.',
  )
  @Matches(/^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$/, { message: 'must be 1 to 16 of a-z, 0-9 and inner -' })
  instance = 'nexos';

  @Env(
    'SWARM_ADVERTISE_ADDR',
    'Address at which other nodes reach this one; read once, when Nexos starts a Swarm. Other machines cannot join at a loopback address.',
    'string',
    ['lifecycle'],
  )
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or the name of a network interface' })
  swarmAdvertiseAddr = '127.0.0.1';

  @Env(
    'SWARM_ADDRESS_POOL',
    'Address block for project networks, one /24 each; read once, when Nexos starts a Swarm.',
    'string',
    ['lifecycle'],
  )
  @Matches(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, { message: 'must be a CIDR block such as 10.128.0.0/9' })
  swarmAddressPool = '10.128.0.0/9';

  /** Most environments wait for visitors most of the time, so their CPU can be promised more than once. */
  @Env(
    'CPU_OVERCOMMIT',
    'How many times each CPU of a node may be reserved. An app reserves its `cpu` divided by this number, and may use all of its `cpu`. Memory is never overcommitted.',
    'integer',
    ['lifecycle'],
  )
  @IsInt()
  @Min(1)
  @Max(100)
  cpuOvercommit = 4;

  @Env(
    'REGISTRY_URL',
    'Registry that images are pushed to, without credentials. If unset, an image runs only on the node that built it.',
    'string',
    ['builder', 'lifecycle'],
  )
  @IsOptional()
  @Matches(/^[a-z0-9.-]+(:\d{1,5})?(\/[a-z0-9._/-]+)?$/, { message: 'must be host[:port][/path], no scheme' })
  registry?: string;

  @Env(
    'REGISTRY_CREDENTIALS',
    `Credentials for registries, such as \`${LOGINS_EXAMPLE}\`: for \`REGISTRY_URL\`, and for images that builds of all projects pull. Docker Hub is \`docker.io\`.`,
    'string',
    ['builder', 'lifecycle'],
  )
  @AreLogins()
  credentials = '[]';

  @Env(
    'REGISTRY_TOKEN_PEM_FILE',
    'Path of a PEM file with a P-256 private key and its certificate. If set, Nexos signs a token for each push to `REGISTRY_URL` and each pull from it, for one repository; the registry must accept that certificate.',
    'string',
    ['builder', 'lifecycle'],
  )
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  tokenPemFile?: string;

  /**
   * Returns null if the registry takes no tokens of Nexos.
   *
   * @throws when the file cannot be read
   */
  registryTokenPem(): string | null {
    if (this.tokenPemFile === undefined) return null;
    try {
      return readFileSync(this.tokenPemFile, 'utf8');
    } catch (error) {
      throw new Error(`REGISTRY_TOKEN_PEM_FILE cannot be read: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** Returns the operator's credentials by registry, as `registryHost` names it. */
  registryLogins(): ReadonlyMap<string, RegistryLogin> {
    return new Map((loginsIn(this.credentials) ?? []).map((login) => [login.host, login]));
  }
}
