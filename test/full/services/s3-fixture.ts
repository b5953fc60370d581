import { randomBytes } from 'node:crypto';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { newId } from '@nexos/domain';
import { type Guard, type JobEnd, sharedServiceName } from '@nexos/engine';
import { type ServiceCredentials } from '@nexos/env-vars';
import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type Docker from 'dockerode';
import { inject } from 'vitest';
import { S3Recipe } from '../../../apps/lifecycle/src/services/s3.recipe.js';
import { ServiceCalls } from '../../../apps/lifecycle/src/services/service-calls.js';
import type { Relays } from '../../../apps/lifecycle/src/relays/relays.js';
import type { ServiceCall } from '../../../apps/lifecycle/src/services/service-recipe.js';
import { IngressFixture } from '../../integration/ingress/ingress-fixture.js';

const PORT = 7070;

/** The variables that tell an environment's app about its bucket. */
export type S3Variables = ReturnType<S3Recipe['variables']>;

/** A project's S3 server, run as the recipe says and reached through a real HAProxy. */
export class S3Fixture {
  readonly projectId = newId('project');
  private readonly adminPassword = randomBytes(24).toString('base64url');
  private readonly config = Object.assign(new ServicesConfig(), { timeoutMs: 10_000 });
  private readonly engine = Object.assign(new EngineConfig(), { instance: 'tests3' });
  private readonly calls = new ServiceCalls(this.engine, this.config, {
    prepare: () => Promise.resolve(null),
  } as unknown as Relays);
  readonly recipe: S3Recipe;
  container: Docker.Container | null = null;

  private constructor(readonly ingress: IngressFixture) {
    this.recipe = new S3Recipe(this.config, ingress.tunnel);
  }

  static async create(): Promise<S3Fixture> {
    return new S3Fixture(await IngressFixture.start());
  }

  /** Starts the server, still empty. It may not answer yet when this returns. */
  async startServer(): Promise<void> {
    const { command, env } = this.recipe.container(this.adminPassword);
    this.container = await this.ingress.startContainer(this.service, {
      Image: inject('system').images.s3 ?? '',
      Entrypoint: command,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    });
  }

  /** Returns an environment's new credentials, which the server does not know yet. */
  newEnvironment(): ServiceCredentials {
    return {
      kind: 's3',
      name: newId('environment'),
      number: 1,
      password: randomBytes(24).toString('base64url'),
      adminPassword: this.adminPassword,
      isProvisioned: false,
    };
  }

  /** Provisions a new environment. */
  async environment(): Promise<{
    credentials: ServiceCredentials;
    variables: S3Variables;
    client: S3Client;
  }> {
    const credentials = this.newEnvironment();
    await this.run(await this.recipe.provision(credentials));
    const variables = this.recipe.variables(credentials);
    return { credentials, variables, client: this.client(variables) };
  }

  async run(
    call: ServiceCall,
    guard: Guard = () => Promise.resolve(),
    lines: string[] = [],
  ): Promise<JobEnd> {
    const on = { projectId: this.projectId, kind: 's3', guard, signal: new AbortController().signal };
    return this.calls.run(call, on, (line) => lines.push(line));
  }

  /** Returns a client as an app would create it, except that its requests go through the tunnel. */
  client({ S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY, S3_SECRET_KEY }: Omit<S3Variables, 'S3_BUCKET'>): S3Client {
    const inner = new NodeHttpHandler({ httpAgent: this.ingress.tunnel.agent });
    const target = this.ingress.tunnel.headersFor({ service: this.service, port: PORT, relay: null });
    return new S3Client({
      endpoint: S3_ENDPOINT,
      region: S3_REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: S3_ACCESS_KEY, secretAccessKey: S3_SECRET_KEY },
      requestHandler: {
        handle: (request: Parameters<typeof inner.handle>[0]) => {
          Object.assign(request.headers, target);
          return inner.handle(request);
        },
      },
    });
  }

  administrator(): S3Client {
    const variables = this.recipe.variables(this.newEnvironment());
    return this.client({ ...variables, S3_ACCESS_KEY: 'nexos', S3_SECRET_KEY: this.adminPassword });
  }

  async buckets(): Promise<string[]> {
    const { Buckets = [] } = await this.administrator().send(new ListBucketsCommand({}));
    return Buckets.map(({ Name = '' }) => Name);
  }

  async stop(): Promise<void> {
    await this.ingress.stop();
  }

  private get service(): string {
    return sharedServiceName(this.engine.instance, this.projectId, 's3');
  }
}

export async function put(client: S3Client, bucket: string, key: string, body: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
}

export async function get(client: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}

/** Begins a multipart upload that nobody completes. */
export async function beginUpload(client: S3Client, bucket: string, key: string): Promise<void> {
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
}
