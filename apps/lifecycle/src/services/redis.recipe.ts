import { createHash } from 'node:crypto';
import { ServicesConfig } from '@nexos/config';
import { type ServiceVariable } from '@nexos/domain';
import { type ServiceCredentials } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import type { ServiceJob, ServiceRecipe } from './service-recipe.js';

const PORT = 6379;
const MOUNT = '/data';
const DATABASES = 1024;

/** Creates the administrator on the first start; later users are stored in the same file. */
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
 * Allows everything an app may need, within its own logical database. `SELECT` is allowed with that one number only.
 * Commands that reach another database, administer the server or affect all users are denied: killing and flushing
 * scripts, functions, and tracking, which reports keys of all databases.
 */
const PROVISION = `ask ACL SETUSER "$NEXOS_NAME" reset on "#$NEXOS_HASH" '~*' '&*' +@all \\
  -@admin -@dangerous -select "+select|$NEXOS_DATABASE" -copy -move -swapdb -function \
  '-script|flush' '-script|kill' '-client|tracking' +info +keys +flushdb
ask ACL SAVE`;
/** Deletes the user first, so that nobody writes to the database while it is flushed. */
const DEPROVISION = `ask ACL DELUSER "$NEXOS_NAME"
ask -n "$NEXOS_DATABASE" FLUSHDB
ask ACL SAVE`;

/**
 * Redis: a user and a logical database for each environment. Pub/Sub ignores databases, so its channels are shared by
 * the whole project.
 */
@Injectable()
export class RedisRecipe implements ServiceRecipe {
  readonly kind = 'redis';
  readonly title = 'Redis';
  readonly isBehindIngress = false;

  constructor(private readonly config: ServicesConfig) {}

  /** Locks the files, since Swarm may start a second server before the first has stopped. */
  container(adminPassword: string) {
    const { cpu, redisMemoryMb: memoryMb } = this.config;
    return {
      command: ['flock', '--no-fork', `${MOUNT}/nexos.lock`, 'sh', '-ec', START],
      // Below the container's limit: Redis refuses further writes instead of being killed by the kernel.
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
    return this.job(credentials, DEPROVISION);
  }

  variables({ name, password, number }: ServiceCredentials): Record<ServiceVariable<'redis'>, string> {
    return {
      REDIS_URL: `redis://${name}:${password}@${this.kind}:${PORT}/${number}`,
      REDIS_HOST: this.kind,
      REDIS_PORT: String(PORT),
      REDIS_USERNAME: name,
      REDIS_PASSWORD: password,
      REDIS_DB: String(number),
    };
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

/** Redis stores and checks only the hash of a password. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
