import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** The HAProxy in front of every environment, and the names that it answers to. */
export class IngressConfig {
  /** Environments answer at `{branch}-{project}.{BASE_DOMAIN}`. */
  @Env('BASE_DOMAIN')
  @Matches(/^(?=.{1,180}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, {
    message: 'must be a lower-case domain name',
  })
  baseDomain = 'localhost';

  @Env('PUBLIC_SCHEME')
  @IsIn(['http', 'https'])
  publicScheme: 'http' | 'https' = 'http';

  /** The port in an environment's URL, where it is not the scheme's own. */
  @Env('PUBLIC_PORT', 'integer')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65_535)
  publicPort?: number;

  /** The name of the HAProxy container, which is connected to each project's network. */
  @Env('INGRESS_CONTAINER')
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, { message: 'must be a container name' })
  container = 'nexos-ingress';

  /** The folder that holds HAProxy's unix sockets: `admin.sock`, `probe.sock` and our `fallback.sock`. */
  @Env('INGRESS_SOCKET_DIR')
  @Matches(/^\//, { message: 'must be an absolute path' })
  socketDir = '/run/nexos';
}
