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
    ['api', 'integrations', 'lifecycle'],
  )
  @IsIn(['http', 'https'])
  publicScheme: 'http' | 'https' = 'http';

  @Env('PUBLIC_PORT', 'Port in environment URLs, if it is not the default port of the scheme.', 'integer', [
    'api',
    'integrations',
    'lifecycle',
  ])
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65_535)
  publicPort?: number;

  @Env(
    'INGRESS_ADDRESS_POOL',
    'Address block for the bridges between HAProxy and projects, one /24 each. Choose one that no other network of the machine uses. HAProxy reads it too. Change it only while there are no environments.',
    'string',
    ['lifecycle'],
  )
  @Matches(/^\d{1,3}(\.\d{1,3}){3}\/([89]|1\d|2[0-4])$/, {
    message: 'must be a CIDR block from /8 to /24, such as 10.64.0.0/12',
  })
  addressPool = '10.64.0.0/12';

  @Env(
    'HAPROXY_IMAGE',
    'Image of HAProxy, which the relays of projects run: what the ingress reaches on other machines is behind one.',
    'string',
    ['lifecycle'],
  )
  @Matches(/^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$/, {
    message: 'must be the name of an image, with a tag or a digest',
  })
  image = 'haproxy:2.8-bookworm';

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
