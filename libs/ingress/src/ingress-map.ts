import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { assertHost, assertHostValue } from './route-names.js';
import { RuntimeMap } from './runtime-map.js';

/**
 * The routes: from host name to `service:port:milliseconds`, and the relay if there is one; or to
 * `=environment/container`, which the map of versions has the target of. Only the lifecycle worker writes them.
 */
@Injectable()
export class IngressMap extends RuntimeMap {
  constructor(runtime: HaproxyRuntime) {
    super(runtime, 'hosts.map');
  }

  protected checkKey(host: string): void {
    assertHost(host);
  }

  protected checkValue(value: string): void {
    assertHostValue(value);
  }
}
