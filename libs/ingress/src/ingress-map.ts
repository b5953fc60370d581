import { Injectable } from '@nestjs/common';
import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressUnavailableError } from './ingress-unavailable.error.js';
import { mapChanges, type MapChanges, type MapEntry } from './map-changes.js';
import { assertHost, assertMapTarget } from './route-names.js';

/** The map's name: its path in HAProxy's container, as in HAProxy's configuration. */
const MAP = '/usr/local/etc/haproxy/hosts.map';
const NOT_FOUND = /not found/i;
const ENTRY = /^0x[0-9a-f]+ (\S+) (\S+)$/;
const BOOT = /^proc\.boot: .*value=<(\d+)>/;

/**
 * The map from host name to `service:port:milliseconds`. It lives in HAProxy's memory and is empty after a restart. Every method
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
   * Routes the host to the target; the host is never without an entry meanwhile.
   *
   * @throws {RangeError} when the host is not a lower-case host name, or the target is malformed
   */
  async set(host: string, target: string): Promise<void> {
    assertHost(host);
    assertMapTarget(target);
    if (await this.change(host, target)) return;
    await this.expectSilence('add', host, target);
    // Two concurrent writers may each have added an entry: one more change makes the entries equal.
    await this.change(host, target);
  }

  /** Removes the host from the map; does nothing if it has no entry. */
  async delete(host: string): Promise<void> {
    assertHost(host);
    await this.expectSilence('del', host);
  }

  /**
   * Makes the map equal to `desired`, changing only what differs. Call it while nobody else writes, or repeat it
   * afterwards: it may overwrite a route set meanwhile.
   *
   * @returns the changes made
   */
  async replaceAll(desired: ReadonlyMap<string, string>): Promise<MapChanges> {
    for (const [host, target] of desired) {
      assertHost(host);
      assertMapTarget(target);
    }
    const changes = mapChanges(await this.entries(), desired);
    for (const { host, target } of [...changes.change, ...changes.add]) await this.set(host, target);
    for (const host of changes.remove) await this.delete(host);
    return changes;
  }

  /** Identifies the running HAProxy process: a different value means that it restarted with an empty map. */
  async identity(): Promise<string> {
    const response = await this.runtime.command('get', 'var', 'proc.boot');
    const boot = BOOT.exec(response)?.[1];
    if (boot === undefined) throw refused('get var', response);
    return boot;
  }

  private async entries(): Promise<MapEntry[]> {
    const response = await this.runtime.command('show', 'map', MAP);
    // A response that does not end in an empty line was cut off.
    if (response !== '\n' && !response.endsWith('\n\n')) throw refused('show map', response);
    return response
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, host, target] = ENTRY.exec(line) ?? [];
        if (host === undefined || target === undefined) throw refused('show map', line);
        return { host, target };
      });
  }

  /** Changes every entry of the host; returns false when the host has none. */
  private async change(host: string, target: string): Promise<boolean> {
    return this.expectSilence('set', host, target);
  }

  /** Runs a command that prints nothing on success; returns false when the entry does not exist. */
  private async expectSilence(verb: 'set' | 'add' | 'del', ...words: string[]): Promise<boolean> {
    const response = await this.runtime.command(verb, 'map', MAP, ...words);
    if (response.trim() === '') return true;
    if (verb !== 'add' && NOT_FOUND.test(response)) return false;
    throw refused(`${verb} map`, response);
  }
}

function refused(command: string, response: string): IngressUnavailableError {
  const [line = ''] = response.trim().split('\n');
  return new IngressUnavailableError(`HAProxy refused "${command}": ${line.slice(0, 200)}`);
}
