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
import { S3_ADMINISTRATOR, S3_PORT, S3_REGION } from './s3-names.js';
import { ServiceUnavailableError, ServiceRefusedError, type ServiceReach } from './service-recipe.js';

/** The server's host on its network, which signatures cover. */
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
 * Sends requests to a project's S3 server as its administrator. Every request may throw `ServiceUnavailableError` or
 * `ServiceRefusedError`, except for expected errors.
 */
export class S3Connection {
  private readonly client: S3Client;
  private readonly signer: SignatureV4;
  private readonly inner: NodeHttpHandler;

  /** @param requestTimeoutMs milliseconds until the complete response must have arrived */
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
      // A client retry would skip the guard, and write after the lease is lost.
      maxAttempts: 1,
      requestHandler: { handle: (signed: Signed) => this.send(signed) },
    });
    const { sha256 } = this.client.config;
    const signing = { region: S3_REGION, service: 's3', uriEscapePath: false };
    this.signer = new SignatureV4({ credentials, sha256, ...signing });
  }

  /** Sends a command that changes something, after checking the guard; otherwise like `ask`. */
  async change<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    expected: readonly string[] = [],
  ): Promise<Output | null> {
    await this.on.guard();
    return this.ask(command, expected);
  }

  /**
   * Sends a command.
   *
   * @param expected error codes that the caller handles
   * @returns null after one of these errors
   */
  async ask<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: S3Command<Input, Output>,
    expected: readonly string[] = [],
  ): Promise<Output | null> {
    try {
      return await this.client.send(command);
    } catch (error) {
      this.on.signal.throwIfAborted();
      const operation = command.constructor.name.replace(/Command$/, '');
      if (isUnreadable(error)) throw new ServiceUnavailableError(`${operation}: unreadable response`);
      if (!(error instanceof S3ServiceException)) throw error;
      if (expected.includes(error.name)) return null;
      throw failure(operation, error.name, error.$metadata.httpStatusCode ?? 0);
    }
  }

  /**
   * Calls the gateway's admin API (https://github.com/versity/versitygw/wiki/Admin-APIs).
   *
   * @returns the code of an expected error; null on success
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
   * Sends a signed request and buffers the whole response, since a response may break off or stall anywhere; none is
   * larger than one page of a listing.
   */
  private async send(request: Signed): ReturnType<NodeHttpHandler['handle']> {
    Object.assign(request.headers, this.tunnel.headersFor({ ...this.on, port: S3_PORT }));
    const timeout = AbortSignal.timeout(this.requestTimeoutMs);
    const abortSignal = AbortSignal.any([this.on.signal, timeout]);
    try {
      const result = await this.inner.handle(request, { abortSignal });
      result.response.body = await buffer(result.response.body as NodeJS.ReadableStream);
      const why = this.tunnel.failureReason(result.response.headers);
      if (why !== null) throw new ServiceUnavailableError(`it is ${why}`);
      return result;
    } catch (cause) {
      this.on.signal.throwIfAborted();
      if (cause instanceof ServiceUnavailableError) throw cause;
      const reason = timeout.aborted ? 'timed out' : String((cause as { code?: unknown }).code);
      throw new ServiceUnavailableError(`it is unreachable: ${reason}`, { cause });
    }
  }
}

/** Returns whether the error is the client's for a response that is not XML, or is truncated. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && !(error instanceof S3ServiceException) && '$response' in error;
}

/** Builds an error that names only the code, since the error's text may quote a tenant's data. */
function failure(operation: string, code: string, status: number): Error {
  const message = `${operation}: ${code} (${status})`;
  // A server error may pass, so it is retried.
  return status >= 500 ? new ServiceUnavailableError(message) : new ServiceRefusedError(message);
}
