import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { IngressUnavailableError } from './ingress-unavailable.error.js';
import { assertHost, routeTarget } from './route-names.js';

/** Printable ASCII without blanks: what may stand in a request line. */
const PATH = /^\/[\x21-\x7e]{0,2000}$/;

export interface ProbeRequest {
  /** The Swarm service, and the port its app listens on. */
  readonly service: string;
  readonly port: number;
  /** What the app sees as the `Host` header. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  /** For the whole of it, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type ProbeResult =
  /** The app answered, with any status at all. */
  | { readonly kind: 'answered'; readonly status: number }
  /** The service has no running task that Docker's name server knows. */
  | { readonly kind: 'unresolved' }
  /** Nothing accepts connections on that port. */
  | { readonly kind: 'refused' }
  /** The connection was closed without an answer, or the answer was no HTTP. */
  | { readonly kind: 'broken' }
  /** No answer in time. */
  | { readonly kind: 'timeout' };

/** Asks a version of an app through HAProxy, on the very way that its visitors will take, before a route leads to it. */
@Injectable()
export class IngressProbe {
  private readonly socketPath: string;

  constructor(config: IngressConfig) {
    this.socketPath = join(config.socketDir, 'probe.sock');
  }

  /**
   * Asks once, with GET; redirects are not followed and the body is not read.
   *
   * @throws {RangeError} when service, port, host or path are malformed
   * @throws {IngressUnavailableError} when it is HAProxy that does not answer
   * @throws the signal's reason, when it is aborted
   */
  async probe(probe: ProbeRequest): Promise<ProbeResult> {
    const target = routeTarget(probe.service, probe.port);
    assertHost(probe.host);
    if (!PATH.test(probe.path)) throw new RangeError(`${JSON.stringify(probe.path)} is no path`);
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
      throw new IngressUnavailableError(`HAProxy does not take a probe: ${reason}`, { cause });
    }
  }

  private ask({ host, path }: ProbeRequest, target: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { host, 'x-nexos-target': target, 'user-agent': 'nexos-probe', accept: '*/*' };
      const outgoing = request({ socketPath: this.socketPath, path, headers, agent: false, signal });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        // The head has all there is to know; that the rest is cut off is our own doing.
        response.once('error', () => undefined);
        response.destroy();
        resolve(response);
      });
      outgoing.end();
    });
  }
}

/** HAProxy marks every answer of this frontend, and lets nobody else set the mark. */
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
