import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Milliseconds that one name server may take, and how often it is asked. */
const DNS_TIMEOUT = { timeout: 3_000, tries: 2 };
/** The name has no address of that kind; a name server has said so. */
const NO_ADDRESS = ['ENODATA', 'ENOTFOUND'];

/**
 * Returns the addresses of a host.
 *
 * Public names are resolved by c-ares: the system's resolver blocks one of a few threads of the process for as long as a
 * name server is silent, and the owner of a name may own its server. The system's resolver is for names of the local
 * network, which only it knows.
 */
export async function addressesOf(host: string): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  if (!host.includes('.') || host.endsWith('.localhost')) return lookup(host, { all: true });
  const resolver = new Resolver(DNS_TIMEOUT);
  const results = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = results.flatMap((result, at) =>
    result.status === 'rejected'
      ? []
      : result.value.map((address) => ({ address, family: at === 0 ? 4 : 6 })),
  );
  if (found.length > 0) return found;
  for (const result of results) {
    if (result.status === 'rejected' && !isMissing(result.reason as NodeJS.ErrnoException))
      throw result.reason;
  }
  return lookup(host, { all: true });
}

function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return NO_ADDRESS.includes(code ?? '');
}

/** Returns a lookup that answers with these addresses only, so that the name cannot change between check and use. */
export function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (host, { all }, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error(`${host} has no address`), []);
    else if (all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** Returns the networks as a list to check addresses against. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
