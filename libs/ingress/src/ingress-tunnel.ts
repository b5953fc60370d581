import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { type Destination, routeTarget } from './route-names.js';

/**
 * Sends our own requests to a project's services through HAProxy, which reaches every project's containers; we reach
 * none. A request has the headers of its target and uses the agent, regardless of the host that it names.
 */
@Injectable()
export class IngressTunnel {
  /** Connects to HAProxy instead of the request's host. It keeps no connection open. */
  readonly agent: Agent;

  constructor(config: IngressConfig) {
    const path = join(config.socketDir, 'probe.sock');
    this.agent = Object.assign(new Agent(), { createConnection: () => connect({ path }) });
  }

  /**
   * Returns the headers that route a request to a Swarm service. HAProxy removes them, so do not sign them.
   *
   * @throws {RangeError} when the service or the port is malformed
   */
  headersFor(destination: Destination): Record<string, string> {
    return { 'x-nexos-target': routeTarget(destination) };
  }

  /**
   * Returns why a response did not come from the service, by its headers; null when it did. `unresolved`: the service
   * has no running task; `refused`: nothing listens on the port; `broken` and `timeout`: the service did not answer.
   */
  failureReason(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
    const mark = headers['x-nexos-probe'];
    return mark === 'answered' ? null : String(mark ?? 'not handled by HAProxy');
  }
}
