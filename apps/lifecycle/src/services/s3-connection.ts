import { buffer } from 'node:stream/consumers';
import { type IngressTunnel } from '@nexos/ingress';
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
type Signed = Parameters<NodeHttpHandler['handle']>[0];

/**
 * Requests to a project's S3 server in the name of its administrator. Each may throw `ServiceAwayError` or
 * `ServiceRefusedError`, but for errors that were expected.
 */
export class S3Connection {
  private readonly client: S3Client;
  private readonly signer: SignatureV4;
  private readonly inner: NodeHttpHandler;

  /** @param requestTimeoutMs milliseconds until a request is answered to its end */
  constructor(
    private readonly tunnel: IngressTunnel,
    private readonly on: ServiceReach,
    adminPassword: string,
    private readonly requestTimeoutMs: number,
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
      requestHandler: { handle: (signed: Signed) => this.send(signed) },
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
      return await this.client.send(command);
    } catch (error) {
      this.on.signal.throwIfAborted();
      const what = command.constructor.name.replace(/Command$/, '');
      if (isUnreadable(error)) throw new ServiceAwayError(`${what}: its answer cannot be read`);
      if (!(error instanceof S3ServiceException)) throw error;
      if (expected.includes(error.name)) return null;
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
    const { response } = await this.send(signed as Signed);
    if (response.statusCode < 300) return null;
    const code = /<Code>(\w+)<\/Code>/.exec(String(response.body))?.[1] ?? 'no code';
    if (expected.includes(code)) return code;
    throw failure(action, code, response.statusCode);
  }

  /**
   * The last thing that is done with a request: it is signed already. Comes back with all of the answer, for one may be
   * cut off or stand still anywhere; none is larger than a page of a listing.
   */
  private async send(request: Signed): ReturnType<NodeHttpHandler['handle']> {
    Object.assign(request.headers, this.tunnel.headersFor(this.on.service, S3_PORT));
    const timeout = AbortSignal.timeout(this.requestTimeoutMs);
    const abortSignal = AbortSignal.any([this.on.signal, timeout]);
    try {
      const answered = await this.inner.handle(request, { abortSignal });
      answered.response.body = await buffer(answered.response.body as NodeJS.ReadableStream);
      const why = this.tunnel.whyNot(answered.response.headers);
      if (why !== null) throw new ServiceAwayError(`it is ${why}`);
      return answered;
    } catch (cause) {
      this.on.signal.throwIfAborted();
      if (cause instanceof ServiceAwayError) throw cause;
      const why = timeout.aborted ? 'it stands still' : String((cause as { code?: unknown }).code);
      throw new ServiceAwayError(`no way to it: ${why}`, { cause });
    }
  }
}

/** Whether it is what the client makes of an answer that is no XML, or half of it. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && !(error instanceof S3ServiceException) && '$response' in error;
}

/** What is said of an error is its code: its text may hold what a tenant wrote. */
function failure(what: string, code: string, status: number): Error {
  const message = `${what}: ${code} (${status})`;
  // The server has a hard time.
  return status >= 500 ? new ServiceAwayError(message) : new ServiceRefusedError(message);
}
