import { createHash } from 'node:crypto';
import { ServicesConfig } from '@nexos/config';
import { type ServiceCredentials } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import type { ServiceJob, ServiceRecipe } from './service-recipe.js';

const PORT = 6379;
const MOUNT = '/data';
const DATABASES = 1024;

/** The administrator is there from the first start on; users that are added later are in the same file. */
const START = `umask 077
cd ${MOUNT}
if ! [ -s users.acl ]; then
  printf 'user default reset on #%s ~* &* +@all\\n' "$NEXOS_ADMIN_HASH" > users.acl.new
  mv users.acl.new users.acl
fi
exec docker-entrypoint.sh redis-server --dir ${MOUNT} --aclfile ${MOUNT}/users.acl --databases ${DATABASES} \\
  --appendonly yes --maxmemory "$NEXOS_MAX_MEMORY" --maxmemory-policy noeviction --protected-mode no`;

const UNTIL_READY = `ask() { redis-cli -h redis --no-auth-warning -e "$@"; }
until [ "$(ask ping)" = PONG ]; do sleep 0.2; done
`;
/**
 * All that an app may need, in its own logical database alone. \`SELECT\` is allowed with that one number; what would
 * reach into another database, administers the server or is shared by all of its users is not: scripts that run and
 * those that are kept, and tracking, which tells of the keys of all databases.
 */
const PROVISION = `ask ACL SETUSER "$NEXOS_NAME" reset on "#$NEXOS_HASH" '~*' '&*' +@all \\
  -@admin -@dangerous -select "+select|$NEXOS_DATABASE" -copy -move -swapdb -function \
  '-script|flush' '-script|kill' '-client|tracking' +info +keys +flushdb
ask ACL SAVE`;
/** Without its user nobody writes any more into what is emptied then. */
const WITHDRAW = `ask ACL DELUSER "$NEXOS_NAME"
ask -n "$NEXOS_DATABASE" FLUSHDB
ask ACL SAVE`;

/**
 * Redis: a user and a logical database for each environment. Pub/Sub knows of no databases: its channels are those of
 * the whole project.
 */
@Injectable()
export class RedisRecipe implements ServiceRecipe {
  readonly kind = 'redis';
  readonly title = 'Redis';

  constructor(private readonly config: ServicesConfig) {}

  get image(): string {
    return this.config.redisImage;
  }

  /** The lock keeps a second server, which Swarm may start before the first has ended, from the same files. */
  container(adminPassword: string) {
    const { cpu, redisMemoryMb: memoryMb } = this.config;
    return {
      command: ['flock', '--no-fork', `${MOUNT}/nexos.lock`, 'sh', '-ec', START],
      // A write beyond it is refused; the kernel would end the server.
      env: { NEXOS_ADMIN_HASH: sha256(adminPassword), NEXOS_MAX_MEMORY: `${Math.floor(memoryMb * 0.7)}mb` },
      cpu,
      memoryMb,
      mountPath: MOUNT,
      stopGraceSeconds: 15,
    };
  }

  waitReady(credentials: ServiceCredentials): ServiceJob {
    return this.job(credentials, '');
  }

  provision(credentials: ServiceCredentials): Promise<ServiceJob> {
    return Promise.resolve(this.job(credentials, PROVISION));
  }

  deprovision(credentials: ServiceCredentials): ServiceJob {
    return this.job(credentials, WITHDRAW);
  }

  variables({ name, password, number }: ServiceCredentials) {
    return { REDIS_URL: `redis://${name}:${password}@${this.kind}:${PORT}/${number}` };
  }

  private job({ name, number, password, adminPassword }: ServiceCredentials, script: string): ServiceJob {
    return {
      command: ['sh', '-ec', UNTIL_READY + script],
      env: {
        REDISCLI_AUTH: adminPassword,
        NEXOS_NAME: name,
        NEXOS_DATABASE: String(number),
        NEXOS_HASH: sha256(password),
      },
    };
  }
}

/** Redis checks a password against its hash, and does without the password itself. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
