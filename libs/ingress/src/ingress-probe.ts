import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { IngressUnavailableError } from './ingress-unavailable.error.js';
import { assertHost, type Destination, routeTarget } from './route-names.js';

/** A path and query of printable ASCII without blanks, as a request line allows. */
const PATH = /^\/[\x21-\x7e]{0,2000}$/;

export interface ProbeRequest extends Destination {
  /** The `Host` header that the app receives. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  /** Milliseconds for the whole probe. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type ProbeResult =
  /** The app answered, with any status. */
  | { readonly kind: 'answered'; readonly status: number }
  /** The service has no running container. */
  | { readonly kind: 'unresolved' }
  /** Nothing accepts connections on that port. */
  | { readonly kind: 'refused' }
  /** The connection was closed without a response, or the response was not HTTP. */
  | { readonly kind: 'broken' }
  /** The app did not answer in time. */
  | { readonly kind: 'timeout' };

/** Probes a version of an app through HAProxy, on the path its visitors will take, before it gets a route. */
@Injectable()
export class IngressProbe {
  private readonly socketPath: string;

  constructor(config: IngressConfig) {
    this.socketPath = join(config.socketDir, 'probe.sock');
  }

  /**
   * Sends one GET request; does not follow redirects or read the body.
   *
   * @throws {RangeError} when the service, port, host or path is malformed
   * @throws {IngressUnavailableError} when HAProxy itself does not answer
   * @throws the signal's reason, once it is aborted
   */
  async probe(probe: ProbeRequest): Promise<ProbeResult> {
    const target = routeTarget(probe);
    assertHost(probe.host);
    if (!PATH.test(probe.path)) throw new RangeError(`${JSON.stringify(probe.path)} is not a path`);
    probe.signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(probe.timeoutMs);
    const signal = probe.signal === undefined ? timeout : AbortSignal.any([probe.signal, timeout]);
    try {
      return resultOf(await this.ask(probe, target, signal));
    } catch (cause) {
      probe.signal?.throwIfAborted();
      if (timeout.aborted) return { kind: 'timeout' };
      if (cause instanceof IngressUnavailableError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new IngressUnavailableError(`HAProxy did not answer a probe: ${reason}`, { cause });
    }
  }

  private ask(
    { host, path, timeoutMs }: ProbeRequest,
    target: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = {
        host,
        'x-nexos-target': target,
        'x-nexos-timeout': String(Math.ceil(timeoutMs)),
        'user-agent': 'nexos-probe',
        accept: '*/*',
      };
      const outgoing = request({ socketPath: this.socketPath, path, headers, agent: false, signal });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        // The headers suffice. Cutting off the body raises an error, which is expected.
        response.once('error', () => undefined);
        response.destroy();
        resolve(response);
      });
      outgoing.end();
    });
  }
}

/** Reads the mark that HAProxy sets on every response of this frontend; nobody else can set it. */
function resultOf({ headers, statusCode = 0 }: IncomingMessage): ProbeResult {
  const mark = headers['x-nexos-probe'];
  switch (mark) {
    case 'answered':
      return { kind: 'answered', status: statusCode };
    case 'unresolved':
    case 'refused':
    case 'broken':
    case 'timeout':
      return { kind: mark };
    default:
      throw new IngressUnavailableError(`HAProxy refused a probe with status ${statusCode}.`);
  }
}
