import { text } from 'node:stream/consumers';
import {
  S3Client,
  S3ServiceException,
  type $Command,
  type S3ClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
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

type S3Command<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;
type Sent = Parameters<NodeHttpHandler['handle']>;

/**
 * Requests to a project's S3 server in the name of its administrator. Each may throw `ServiceAwayError` or
 * `ServiceRefusedError`, but for errors that were expected.
 */
export class S3Connection {
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
    const signing = { region: S3_REGION, service: 's3', uriEscapePath: false };
    this.signer = new SignatureV4({ credentials, sha256, ...signing });
  }

  /** As `ask`, for what changes something. */
  async change<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    expected: readonly string[] = [],
  ): Promise<Output | null> {
    await this.on.guard();
    return this.ask(command, expected);
  }

  /**
   * @param expected codes of errors
   * @returns null after one of them
   */
  async ask<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    expected: readonly string[] = [],
  ): Promise<Output | null> {
    try {
      return await this.client.send(command, { abortSignal: this.on.signal });
    } catch (error) {
      this.on.signal.throwIfAborted();
      if (!(error instanceof S3ServiceException)) throw error;
      if (expected.includes(error.name)) return null;
      const what = command.constructor.name.replace(/Command$/, '');
      throw failure(what, error.name, error.$metadata.httpStatusCode ?? 0);
    }
  }

  /**
   * Has the gateway change something by its admin API (https://github.com/versity/versitygw/wiki/Admin-APIs).
   *
   * @returns the code of an error that was expected; null: it was done
   */
  async administer(
    action: string,
    query: Record<string, string>,
    body = '',
    expected: readonly string[] = [],
  ): Promise<string | null> {
    const signed = await this.signer.sign({
      method: 'PATCH',
      protocol: 'http:',
      hostname: 's3',
      port: S3_PORT,
      path: `/${action}`,
      query,
      headers: { host: HOST, 'content-type': 'application/xml' },
      body,
    });
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
    Object.assign(request.headers, this.tunnel.headersFor(this.on.service, S3_PORT));
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
