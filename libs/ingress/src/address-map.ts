import { isIPv4 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { assertService } from './route-names.js';
import { RuntimeMap } from './runtime-map.js';

/** The addresses: from the name of a Swarm service to the IPv4 address of its container on this machine. */
@Injectable()
export class AddressMap extends RuntimeMap {
  constructor(runtime: HaproxyRuntime) {
    super(runtime, 'addresses.map');
  }

  protected checkKey(service: string): void {
    assertService(service);
  }

  protected checkValue(address: string): void {
    if (!isIPv4(address)) throw new RangeError(`${JSON.stringify(address)} is not an IPv4 address`);
  }
}
