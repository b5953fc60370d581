import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { assertVersionKey, assertVersionValue } from './route-names.js';
import { RuntimeMap } from './runtime-map.js';

/**
 * The versions of environments with several host names, so that one change switches all of them: from `=environment` to
 * its version, and from `=environment/container/version` to a target as in the other map. Only the lifecycle worker
 * writes them.
 */
@Injectable()
export class VersionMap extends RuntimeMap {
  constructor(runtime: HaproxyRuntime) {
    super(runtime, 'versions.map');
  }

  protected checkKey(key: string): void {
    assertVersionKey(key);
  }

  protected checkValue(value: string): void {
    assertVersionValue(value);
  }
}
