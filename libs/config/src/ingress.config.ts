import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { type AppName, Env } from './env.decorator.js';
import { AreNetworks } from './network.js';

/** The apps that need to know more of HAProxy than where its sockets are. */
const APPS: readonly AppName[] = ['api', 'builder', 'integrations', 'lifecycle'];

/** HAProxy, which serves every environment, and the host names that it serves. */
export class IngressConfig {
  @Env('BASE_DOMAIN', 'Environments are served at `{branch}-{project}.{BASE_DOMAIN}`.', 'string', APPS)
  @Matches(/^(?=.{1,180}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
    message: 'must be a lower-case domain name',
  })
  baseDomain = 'localhost';

  @Env(
    'PUBLIC_SCHEME',
    'Set it to `https` when TLS ends in front of HAProxy. HAProxy reads it too.',
    'string',
    ['api', 'lifecycle'],
  )
  @IsIn(['http', 'https'])
  publicScheme: 'http' | 'https' = 'http';

  @Env('PUBLIC_PORT', 'Port in environment URLs, if it is not the default port of the scheme.', 'integer', [
    'api',
    'lifecycle',
  ])
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65_535)
  publicPort?: number;

  @Env(
    'INGRESS_CONTAINER',
    "Name of the HAProxy container, which Nexos attaches to each project's network.",
    'string',
    ['lifecycle'],
  )
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, { message: 'must be a container name' })
  container = 'nexos-ingress';

  @Env(
    'INGRESS_SOCKET_DIR',
    "Directory of the unix sockets: HAProxy's `admin.sock` and `probe.sock`, and the API's `fallback.sock` and `agent.sock`.",
    'string',
    ['agent', 'api', 'lifecycle'],
  )
  @Matches(/^\//, { message: 'must be an absolute path' })
  socketDir = '/run/nexos';

  @Env(
    'INGRESS_TRUSTED_PROXIES',
    'Reverse proxies in front of HAProxy whose `X-Forwarded-For`, `-Host`, `-Port` and `-Proto` apps get. HAProxy reads it.',
    'list',
    APPS,
  )
  @AreNetworks()
  trustedProxies: string[] = [];

  @Env(
    'INGRESS_PROXY_PROTOCOL',
    'Whether connections from `INGRESS_TRUSTED_PROXIES` begin with a PROXY protocol header. HAProxy reads it.',
    'boolean',
    APPS,
  )
  @IsBoolean({ message: 'must be true or false' })
  proxyProtocol = false;

  @Env(
    'INGRESS_MAX_CONNECTIONS',
    "Simultaneous connections of HAProxy. Default: as many as its container's limit of file descriptors allows. HAProxy reads it.",
    'integer',
    APPS,
  )
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(1_000_000)
  maxConnections?: number;

  @Env(
    'INGRESS_MAX_CONNECTIONS_PER_HOST',
    'Simultaneous requests and WebSockets of one environment; more get a 503. HAProxy reads it.',
    'integer',
    APPS,
  )
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxConnectionsPerHost = 500;
}
