import { ServicesConfig } from '@nexos/config';
import { type ServiceVariable } from '@nexos/domain';
import { type ServiceCredentials } from '@nexos/env-vars';
import { IngressTunnel } from '@nexos/ingress';
import { Injectable, Logger } from '@nestjs/common';
import { S3_ADMINISTRATOR, S3_PORT, S3_REGION } from './s3-names.js';
import type { S3Server } from './s3-server.js';
import type { ServiceCall, ServiceRecipe } from './service-recipe.js';

const MOUNT = '/data';
const ACCOUNTS = `${MOUNT}/accounts`;
/** The server treats each folder in it as a bucket. */
const BUCKETS = `${MOUNT}/buckets`;

/** Locks the files, since Swarm may start a second server before the first has stopped. */
const START = `umask 077
mkdir -p ${ACCOUNTS} ${BUCKETS}
exec 9> ${MOUNT}/nexos.lock
flock 9
exec versitygw posix ${BUCKETS}`;

/**
 * S3: an account and a bucket for each environment. Only its owner can access a bucket, and no account can create one.
 */
@Injectable()
export class S3Recipe implements ServiceRecipe {
  readonly kind = 's3';
  readonly title = 'S3';
  readonly isBehindIngress = true;
  private readonly logger = new Logger(S3Recipe.name);

  constructor(
    private readonly config: ServicesConfig,
    private readonly tunnel: IngressTunnel,
  ) {}

  container(adminPassword: string) {
    const { cpu, s3MemoryMb: memoryMb } = this.config;
    return {
      command: ['sh', '-ec', START],
      env: {
        ROOT_ACCESS_KEY: S3_ADMINISTRATOR,
        ROOT_SECRET_KEY: adminPassword,
        VGW_PORT: `:${S3_PORT}`,
        VGW_REGION: S3_REGION,
        VGW_IAM_DIR: ACCOUNTS,
        // Otherwise it logs the name of every object.
        VGW_QUIET: 'true',
        GOMEMLIMIT: `${Math.floor(memoryMb * 0.8)}MiB`,
      },
      cpu,
      memoryMb,
      mountPath: MOUNT,
      stopGraceSeconds: 15,
    };
  }

  waitReady({ adminPassword }: ServiceCredentials): ServiceCall {
    return this.call(adminPassword, (server) => server.waitReady());
  }

  provision({ name, password, adminPassword }: ServiceCredentials): Promise<ServiceCall> {
    const call = this.call(adminPassword, async (server) => {
      await server.waitReady();
      await server.putAccount(name, password);
      await server.putBucket(bucketName(name), name);
    });
    return Promise.resolve(call);
  }

  /**
   * Removes the account first, so that nobody writes to the bucket while it is emptied, or reads objects that cannot be
   * removed. Those go with the project's volume.
   */
  deprovision({ name, adminPassword }: ServiceCredentials): ServiceCall {
    return this.call(adminPassword, async (server) => {
      await server.removeAccount(name);
      const isGone = await server.removeBucket(bucketName(name));
      if (!isGone)
        this.logger.error(`could not remove the bucket of ${name}: some of its objects cannot be deleted`);
    });
  }

  variables({ name, password }: ServiceCredentials): Record<ServiceVariable<'s3'>, string> {
    return {
      S3_ENDPOINT: `http://${this.kind}:${S3_PORT}`,
      S3_REGION,
      S3_BUCKET: bucketName(name),
      S3_ACCESS_KEY: name,
      S3_SECRET_KEY: password,
    };
  }

  private call(adminPassword: string, work: (server: S3Server) => Promise<void>): ServiceCall {
    return {
      call: async (on) => {
        // The client takes memory that installations without S3 never need.
        const [{ S3Connection }, { S3Server }] = await Promise.all([
          import('./s3-connection.js'),
          import('./s3-server.js'),
        ]);
        const connection = new S3Connection(this.tunnel, on, adminPassword, this.config.timeoutMs);
        return work(new S3Server(connection, on.onProgress));
      },
    };
  }
}

/** Turns an environment's id, which is never reused, into a valid bucket name: lower case, without `_`. */
function bucketName(environmentId: string): string {
  return environmentId.replaceAll('_', '-').toLowerCase();
}
