/** The size of each project's subnet: 253 containers on one machine. */
const PREFIX = 24;
const BITS = 32;

interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Returns the n-th /24 of a pool, counting round and round.
 *
 * @param pool an IPv4 block of at most /24, such as `10.64.0.0/12`
 * @param n counts from 0
 */
export function subnetAt(pool: string, n: number): string {
  const { first, last } = rangeOf(pool);
  const size = 2 ** (BITS - PREFIX);
  const count = (last - first + 1) / size;
  return `${addressOf(first + (n % count) * size)}/${PREFIX}`;
}

/** Returns how many /24 a pool has. */
export function countSubnets(pool: string): number {
  const { first, last } = rangeOf(pool);
  return (last - first + 1) / 2 ** (BITS - PREFIX);
}

/** Reports whether two IPv4 blocks share an address. Anything but an IPv4 block overlaps with nothing. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}

function rangeOf(block: string): Range {
  const [, a, b, c, d, prefix] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block) ?? [];
  if (prefix === undefined) return { first: Infinity, last: -Infinity };
  const address = [a, b, c, d].reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (BITS - Number(prefix));
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

function addressOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
