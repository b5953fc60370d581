import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { assertService } from './route-names.js';
import { RuntimeMap } from './runtime-map.js';

const SECONDS = /^[1-9][0-9]{0,11}$/;

/**
 * The pauses before restarts: from the name of a Swarm service to the time when its container is started again, in seconds
 * since the epoch. They only tell visitors how long to wait: HAProxy ignores those that are over, and forgets all when it
 * restarts. Only the lifecycle worker writes them.
 */
@Injectable()
export class HoldMap extends RuntimeMap {
  constructor(runtime: HaproxyRuntime) {
    super(runtime, 'holds.map');
  }

  /**
   * Records when a service starts again, and forgets the pauses that are over.
   *
   * @param until milliseconds since the epoch
   */
  async hold(service: string, until: number): Promise<void> {
    for (const [other, seconds] of await this.read()) {
      if (Number(seconds) * 1_000 < Date.now()) await this.delete(other);
    }
    await this.set(service, String(Math.ceil(until / 1_000)));
  }

  protected checkKey(service: string): void {
    assertService(service);
  }

  protected checkValue(seconds: string): void {
    if (!SECONDS.test(seconds)) throw new RangeError(`${JSON.stringify(seconds)} is not a time in seconds`);
  }
}
