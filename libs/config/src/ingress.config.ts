import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** HAProxy, which serves every environment, and the host names that it serves. */
export class IngressConfig {
  @Env('BASE_DOMAIN', 'Environments are served at `{branch}-{project}.{BASE_DOMAIN}`.')
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
    "Directory of the unix sockets: HAProxy's `admin.sock` and `probe.sock`, and the API's `fallback.sock`.",
    'string',
    ['api', 'lifecycle'],
  )
  @Matches(/^\//, { message: 'must be an absolute path' })
  socketDir = '/run/nexos';
}
