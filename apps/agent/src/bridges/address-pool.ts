const FIRST = 2;
const LAST = 254;

/**
 * The addresses of a bridge, a /24. A freed one is reused last, so that an outdated entry of HAProxy's map leads nowhere
 * rather than to another container.
 *
 * Without the first, which is the machine, and those of the network itself.
 */
export class AddressPool {
  /** How many there are. */
  static readonly size = LAST - FIRST + 1;

  private readonly prefix: string;
  /** The last parts of addresses that may be used, in this order. */
  private free: number[];

  /**
   * @param subnet such as `10.64.3.0/24`
   * @param start which of the addresses comes first, from 0 on
   * @param recent addresses to use last
   */
  constructor(subnet: string, start: number, recent: ReadonlySet<string> = new Set()) {
    this.prefix = subnet.slice(0, subnet.lastIndexOf('.') + 1);
    const all = Array.from({ length: AddressPool.size }, (_, n) => FIRST + ((start + n) % AddressPool.size));
    const isRecent = (part: number) => recent.has(`${this.prefix}${part}`);
    this.free = [...all.filter((part) => !isRecent(part)), ...all.filter(isRecent)];
  }

  /** Returns a free address, or null if all of them are in use. */
  take(): string | null {
    const part = this.free.shift();
    return part === undefined ? null : `${this.prefix}${part}`;
  }

  /** Records that a container has the address. */
  hold(address: string): void {
    const held = this.partOf(address);
    this.free = this.free.filter((part) => part !== held);
  }

  /** Records that no container has the address any more. Ignores addresses of other subnets. */
  release(address: string): void {
    const part = this.partOf(address);
    if (part !== null && !this.free.includes(part)) this.free.push(part);
  }

  private partOf(address: string): number | null {
    if (!address.startsWith(this.prefix)) return null;
    const part = Number(address.slice(this.prefix.length));
    return Number.isInteger(part) && part >= FIRST && part <= LAST ? part : null;
  }
}
