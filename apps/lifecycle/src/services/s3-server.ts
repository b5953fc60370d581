import { text } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3Client,
  S3ServiceException,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { IngressTunnel } from '@nexos/ingress';
import { ServiceAwayError, ServiceRefusedError, type ServiceReach } from './service-recipe.js';

export const S3_PORT = 7070;
/** Signatures name it, and the server checks that; it means nothing. */
export const S3_REGION = 'us-east-1';
export const S3_ADMINISTRATOR = 'nexos';

/** How the server is called on its network: signatures cover it. */
const HOST = `s3:${S3_PORT}`;
const PAGE = 1000;
/** Names and passwords are made of these; none needs escaping in XML or in a query. */
const PLAIN = /^[\w-]+$/;

type Sent = Parameters<NodeHttpHandler['handle']>;

/**
 * A project's S3 server, as its administrator sees it: buckets by the S3 API, accounts by the admin API of the Versity S3
 * Gateway (https://github.com/versity/versitygw/wiki/Admin-APIs), which is signed in the same way.
 *
 * Each method may throw `ServiceAwayError` or `ServiceRefusedError`, and comes to the same end when it is repeated.
 */
export class S3Server {
  private readonly client: S3Client;
  private readonly signer: SignatureV4;
  private readonly inner: NodeHttpHandler;

  constructor(
    private readonly tunnel: IngressTunnel,
    private readonly on: ServiceReach,
    adminPassword: string,
  ) {
    const credentials = { accessKeyId: S3_ADMINISTRATOR, secretAccessKey: adminPassword };
    this.inner = new NodeHttpHandler({ httpAgent: tunnel.agent });
    this.client = new S3Client({
      endpoint: `http://${HOST}`,
      region: S3_REGION,
      forcePathStyle: true,
      credentials,
      // Whoever may not change anything any more must not do so by trying again.
      maxAttempts: 1,
      requestHandler: { handle: (...sent: Sent) => this.send(...sent) },
    });
    const { sha256 } = this.client.config;
    this.signer = new SignatureV4({
      credentials,
      region: S3_REGION,
      service: 's3',
      sha256,
      uriEscapePath: false,
    });
  }

  /** Comes back once the server answers. */
  async greet(): Promise<void> {
    await this.ask('ListBuckets', (options) => this.client.send(new ListBucketsCommand({}), options));
  }

  /** Makes an account that can make no bucket, or gives it its secret again. */
  async putAccount(name: string, secret: string): Promise<void> {
    const account = `<Account><Access>${plain(name)}</Access><Secret>${plain(secret)}</Secret><Role>user</Role></Account>`;
    if ((await this.administer('create-user', {}, account, ['XAdminUserExists'])) === null) return;
    const changed = `<MutableProps><Secret>${plain(secret)}</Secret></MutableProps>`;
    await this.administer('update-user', { access: name }, changed);
  }

  async removeAccount(name: string): Promise<void> {
    await this.administer('delete-user', { access: plain(name) }, '', ['XAdminUserNotFound']);
  }

  /** Makes a bucket and gives it to an account; nobody but the administrator can use it in between. */
  async putBucket(bucket: string, owner: string): Promise<void> {
    await this.change(
      'CreateBucket',
      (options) => this.client.send(new CreateBucketCommand({ Bucket: bucket }), options),
      ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'],
    );
    await this.administer('change-bucket-owner', { bucket, owner: plain(owner) }, '');
  }

  /** Removes a bucket with all that is in it, a page at a time. */
  async removeBucket(bucket: string): Promise<void> {
    const missing = ['NoSuchBucket'];
    for (let page = await this.objectsIn(bucket); page.length > 0; page = await this.objectsIn(bucket)) {
      const refused = await this.change(
        'DeleteObjects',
        (options) =>
          this.client.send(
            new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: page, Quiet: true } }),
            options,
          ),
        missing,
      );
      const [error] = refused?.Errors ?? [];
      if (error !== undefined) throw new ServiceRefusedError(`DeleteObjects: ${error.Code ?? 'no code'}`);
      this.on.onProgress();
    }
    await this.abortUploads(bucket);
    await this.change(
      'DeleteBucket',
      (options) => this.client.send(new DeleteBucketCommand({ Bucket: bucket }), options),
      missing,
    );
  }

  /** The first page of what is in a bucket: its objects, and once there is none any more, old versions of them. */
  private async objectsIn(bucket: string): Promise<ObjectIdentifier[]> {
    const of = { Bucket: bucket, MaxKeys: PAGE };
    const listed = await this.ask(
      'ListObjectsV2',
      (options) => this.client.send(new ListObjectsV2Command(of), options),
      ['NoSuchBucket'],
    );
    const objects = listed?.Contents ?? [];
    if (objects.length > 0) return objects.map(({ Key }) => ({ Key }));
    const versions = await this.ask(
      'ListObjectVersions',
      (options) => this.client.send(new ListObjectVersionsCommand(of), options),
      ['NoSuchBucket'],
    );
    return [...(versions?.Versions ?? []), ...(versions?.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
  }

  /** What was uploaded in parts and never put together takes space too. */
  private async abortUploads(bucket: string): Promise<void> {
    for (;;) {
      const listed = await this.ask(
        'ListMultipartUploads',
        (options) => this.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }), options),
        ['NoSuchBucket'],
      );
      const uploads = listed?.Uploads ?? [];
      if (uploads.length === 0) return;
      for (const { Key, UploadId } of uploads) {
        const upload = { Bucket: bucket, Key, UploadId };
        await this.change(
          'AbortMultipartUpload',
          (options) => this.client.send(new AbortMultipartUploadCommand(upload), options),
          ['NoSuchUpload', 'NoSuchBucket'],
        );
      }
      this.on.onProgress();
    }
  }

  private async change<Answer>(
    what: string,
    request: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
    expected: readonly string[] = [],
  ): Promise<Answer | null> {
    await this.on.guard();
    return this.ask(what, request, expected);
  }

  /** @returns null after an error that was expected */
  private async ask<Answer>(
    what: string,
    request: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
    expected: readonly string[] = [],
  ): Promise<Answer | null> {
    try {
      return await request({ abortSignal: this.on.signal });
    } catch (error) {
      this.on.signal.throwIfAborted();
      if (!(error instanceof S3ServiceException)) throw error;
      if (expected.includes(error.name)) return null;
      throw failure(what, error.name, error.$metadata.httpStatusCode ?? 0);
    }
  }

  /** @returns the code of an error that was expected; null: it was done */
  private async administer(
    action: string,
    query: Record<string, string>,
    body: string,
    expected: readonly string[] = [],
  ): Promise<string | null> {
    const request = {
      method: 'PATCH',
      protocol: 'http:',
      hostname: 's3',
      port: S3_PORT,
      path: `/${action}`,
      query,
      headers: { host: HOST, 'content-type': 'application/xml' },
      body,
    };
    const signed = await this.signer.sign(request);
    await this.on.guard();
    const { response } = await this.send(signed as Sent[0], { abortSignal: this.on.signal });
    const answer = await text(response.body as NodeJS.ReadableStream);
    if (response.statusCode < 300) return null;
    const code = /<Code>(\w+)<\/Code>/.exec(answer)?.[1] ?? 'no code';
    if (expected.includes(code)) return code;
    throw failure(action, code, response.statusCode);
  }

  /** The last thing that is done with a request: it is signed already. */
  private async send(request: Sent[0], options?: Sent[1]): ReturnType<NodeHttpHandler['handle']> {
    const target = this.tunnel.headersFor(this.on.service, S3_PORT);
    Object.assign(request.headers, target);
    const answered = await this.inner.handle(request, options).catch((cause: unknown) => {
      this.on.signal.throwIfAborted();
      throw new ServiceAwayError(`no way to it: ${String((cause as { code?: unknown }).code)}`, { cause });
    });
    const why = this.tunnel.whyNot(answered.response.headers);
    if (why !== null) throw new ServiceAwayError(`it is ${why}`);
    return answered;
  }
}

/** What is said of an error is its code: its text may hold what a tenant wrote. */
function failure(what: string, code: string, status: number): Error {
  const message = `${what}: ${code} (${status})`;
  // Something was written after it had been emptied, or the server has a hard time.
  const isPassing = status >= 500 || code === 'BucketNotEmpty';
  return isPassing ? new ServiceAwayError(message) : new ServiceRefusedError(message);
}

function plain(value: string): string {
  if (!PLAIN.test(value)) throw new RangeError('an account has a name or a secret that was not made here');
  return value;
}
