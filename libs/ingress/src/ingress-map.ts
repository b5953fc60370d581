import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressUnavailableError } from './ingress-unavailable.error.js';
import { mapChanges, type MapChanges, type MapEntry } from './map-changes.js';
import { assertHost, assertTarget } from './route-names.js';

/** The map's name is its path in HAProxy's container, as the configuration says it. */
const MAP = '/usr/local/etc/haproxy/hosts.map';
const NOT_FOUND = /not found/i;
const ENTRY = /^0x[0-9a-f]+ (\S+) (\S+)$/;
const BOOT = /^proc\.boot: .*value=<(\d+)>/;

/**
 * The map from host name to `service:port`. It lives in HAProxy's memory and is empty after a restart. Every method
 * throws {@link IngressUnavailableError} when HAProxy does not answer or refuses.
 */
@Injectable()
export class IngressMap {
  constructor(private readonly runtime: HaproxyRuntime) {}

  async read(): Promise<Map<string, string>> {
    const map = new Map<string, string>();
    for (const { host, target } of await this.entries()) if (!map.has(host)) map.set(host, target);
    return map;
  }

  /**
   * Makes the host lead to the target from now on; there is no moment without an entry.
   *
   * @throws {RangeError} when the host is no lower-case host name, or the target is not `service:port`
   */
  async set(host: string, target: string): Promise<void> {
    assertHost(host);
    assertTarget(target);
    if (await this.change(host, target)) return;
    await this.expectSilence('add', host, target);
    // Two writers may both have found nothing and added an entry each: one change makes them agree.
    await this.change(host, target);
  }

  /** Takes the host out of the map; one that is not in it is no error. */
  async delete(host: string): Promise<void> {
    assertHost(host);
    await this.expectSilence('del', host);
  }

  /**
   * Makes the map equal to `desired`, touching only what differs. It must run when nobody else writes, or be
   * followed by another run: a route set meanwhile may be put back to what `desired` says.
   *
   * @returns what was changed
   */
  async replaceAll(desired: ReadonlyMap<string, string>): Promise<MapChanges> {
    for (const [host, target] of desired) {
      assertHost(host);
      assertTarget(target);
    }
    const changes = mapChanges(await this.entries(), desired);
    for (const { host, target } of [...changes.change, ...changes.add]) await this.set(host, target);
    for (const host of changes.remove) await this.delete(host);
    return changes;
  }

  /** A mark of the running HAProxy process: another one means that it restarted and its map is empty. */
  async identity(): Promise<string> {
    const answer = await this.runtime.command('get', 'var', 'proc.boot');
    const boot = BOOT.exec(answer)?.[1];
    if (boot === undefined) throw refused('get var', answer);
    return boot;
  }

  private async entries(): Promise<MapEntry[]> {
    const answer = await this.runtime.command('show', 'map', MAP);
    // The answer ends in an empty line, or it was cut off.
    if (answer !== '\n' && !answer.endsWith('\n\n')) throw refused('show map', answer);
    return answer
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, host, target] = ENTRY.exec(line) ?? [];
        if (host === undefined || target === undefined) throw refused('show map', line);
        return { host, target };
      });
  }

  /** Changes every entry of the host; false when there is none. */
  private async change(host: string, target: string): Promise<boolean> {
    return this.expectSilence('set', host, target);
  }

  /** HAProxy says nothing when it did what it was told. False: there is no such entry. */
  private async expectSilence(verb: 'set' | 'add' | 'del', ...words: string[]): Promise<boolean> {
    const answer = await this.runtime.command(verb, 'map', MAP, ...words);
    if (answer.trim() === '') return true;
    if (verb !== 'add' && NOT_FOUND.test(answer)) return false;
    throw refused(`${verb} map`, answer);
  }
}

function refused(command: string, answer: string): IngressUnavailableError {
  const [line = ''] = answer.trim().split('\n');
  return new IngressUnavailableError(`HAProxy did not carry out "${command}": ${line.slice(0, 200)}`);
}
