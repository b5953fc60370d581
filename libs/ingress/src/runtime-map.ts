import { HaproxyRuntime } from './haproxy-runtime.js';
import { IngressUnavailableError } from './ingress-unavailable.error.js';
import { mapChanges, type MapChanges, type MapEntry } from './map-changes.js';

const FOLDER = '/usr/local/etc/haproxy';
/** An entry that no host or service can have; HAProxy's configuration looks for it. */
const COMPLETE = ':complete';
/** How many entries are added at once. The longest are of 253 and 141 characters, and HAProxy reads 16 KiB. */
const ROWS = 40;
const NOT_FOUND = /not found/i;
const ENTRY = /^0x[0-9a-f]+ (\S+) (\S+)$/;
const BOOT = /^proc\.boot: .*value=<(\d+)>/;

/**
 * A map in HAProxy's memory, which is empty after a restart. Every method throws {@link IngressUnavailableError} when
 * HAProxy does not answer or refuses.
 */
export abstract class RuntimeMap {
  private readonly name: string;

  /** @param file the map's file in HAProxy's folder, as in its configuration */
  protected constructor(
    private readonly runtime: HaproxyRuntime,
    file: string,
  ) {
    this.name = `${FOLDER}/${file}`;
  }

  /** @throws {RangeError} when the map cannot hold this key */
  protected abstract checkKey(key: string): void;

  /** @throws {RangeError} when the map cannot hold this value */
  protected abstract checkValue(value: string): void;

  async read(): Promise<Map<string, string>> {
    const map = new Map<string, string>();
    for (const { key, value } of await this.entries()) if (!map.has(key)) map.set(key, value);
    map.delete(COMPLETE);
    return map;
  }

  /**
   * Sets the value of a key; the key is never without an entry meanwhile.
   *
   * @throws {RangeError} when the key or the value is malformed
   */
  async set(key: string, value: string): Promise<void> {
    this.checkKey(key);
    this.checkValue(value);
    await this.put(key, value);
  }

  /** Removes a key; does nothing if it has no entry. */
  async delete(key: string): Promise<void> {
    this.checkKey(key);
    await this.expectSilence('del', key);
  }

  /**
   * Makes the map equal to `desired`, changing only what differs, and then marks it as complete. Call it while nobody
   * else writes, or repeat it afterwards: it may overwrite an entry set meanwhile.
   *
   * @returns the changes made
   */
  async replaceAll(desired: ReadonlyMap<string, string>): Promise<MapChanges> {
    for (const [key, value] of desired) {
      this.checkKey(key);
      this.checkValue(value);
    }
    const present = await this.entries();
    const changes = mapChanges(
      present.filter(({ key }) => key !== COMPLETE),
      desired,
    );
    // What is new comes before what leads to it, and both before what nothing leads to any longer.
    await this.addAll(changes.add);
    for (const { key, value } of changes.change) await this.put(key, value);
    for (const key of changes.remove) await this.delete(key);
    if (!present.some(({ key }) => key === COMPLETE)) await this.put(COMPLETE, 'yes');
    return changes;
  }

  /** Identifies the running HAProxy process: a different value means that it restarted with empty maps. */
  async identity(): Promise<string> {
    const response = await this.runtime.command('get', 'var', 'proc.boot');
    const boot = BOOT.exec(response)?.[1];
    if (boot === undefined) throw refused('get var', response);
    return boot;
  }

  private async put(key: string, value: string): Promise<void> {
    if (await this.change(key, value)) return;
    await this.expectSilence('add', key, value);
    // Two concurrent writers may each have added an entry: one more change makes the entries equal.
    await this.change(key, value);
  }

  private async addAll(entries: readonly MapEntry[]): Promise<void> {
    for (let first = 0; first < entries.length; first += ROWS) {
      const rows = entries.slice(first, first + ROWS).map(({ key, value }) => [key, value]);
      const response = await this.runtime.commandWithRows(['add', 'map', this.name], rows);
      if (response.trim() !== '') throw refused('add map', response);
    }
  }

  private async entries(): Promise<MapEntry[]> {
    const response = await this.runtime.command('show', 'map', this.name);
    // A response that does not end in an empty line was cut off.
    if (response !== '\n' && !response.endsWith('\n\n')) throw refused('show map', response);
    return response
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [, key, value] = ENTRY.exec(line) ?? [];
        if (key === undefined || value === undefined) throw refused('show map', line);
        return { key, value };
      });
  }

  /** Changes every entry of the key; returns false when it has none. */
  private async change(key: string, value: string): Promise<boolean> {
    return this.expectSilence('set', key, value);
  }

  /** Runs a command that prints nothing on success; returns false when the entry does not exist. */
  private async expectSilence(verb: 'set' | 'add' | 'del', ...words: string[]): Promise<boolean> {
    const response = await this.runtime.command(verb, 'map', this.name, ...words);
    if (response.trim() === '') return true;
    if (verb !== 'add' && NOT_FOUND.test(response)) return false;
    throw refused(`${verb} map`, response);
  }
}

function refused(command: string, response: string): IngressUnavailableError {
  const [line = ''] = response.trim().split('\n');
  return new IngressUnavailableError(`HAProxy refused "${command}": ${line.slice(0, 200)}`);
}
