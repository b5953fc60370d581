import { Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { routeTarget } from './route-names.js';

/**
 * The way for requests of our own to a service of a project: we are on none of the projects' networks, and HAProxy is on
 * each. A request has the headers of its target, and goes over the agent to whatever host it names.
 */
@Injectable()
export class IngressTunnel {
  /** Connects to HAProxy, in place of the host of a request. It keeps no connection. */
  readonly agent: Agent;

  constructor(config: IngressConfig) {
    const path = join(config.socketDir, 'probe.sock');
    this.agent = Object.assign(new Agent(), { createConnection: () => connect({ path }) });
  }

  /**
   * What leads a request to a Swarm service. HAProxy takes it off, so that no signature may cover it.
   *
   * @throws {RangeError} when service or port are malformed
   */
  headersFor(service: string, port: number): Record<string, string> {
    return { 'x-nexos-target': routeTarget(service, port) };
  }

  /**
   * Why an answer is not the service's own, by its headers; null when it is. `unresolved`: it has no running task;
   * `refused`: nothing listens there; `broken` and `timeout`: there was no answer.
   */
  whyNot(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
    const mark = headers['x-nexos-probe'];
    return mark === 'answered' ? null : String(mark ?? 'not taken by HAProxy');
  }
}
