/** IPv4 networks that are not public: https://www.iana.org/assignments/iana-ipv4-special-registry */
const PRIVATE_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Azure's agent of the virtual machine, at a public address that only the machine reaches.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parseNetwork);

/** Domains without public names (RFC 6761, RFC 6762 with its appendix G, RFC 8375, ICANN's `internal`). */
const PRIVATE_DOMAINS = new Set(
  'corp home home.arpa internal intranet lan local localdomain localhost private'.split(' '),
);

/**
 * Tests whether a host is private: an address of this machine or of a private network, in any notation that a resolver
 * accepts, a name that only a private name server knows, or one that cannot be parsed. Does not resolve public names.
 *
 * @param host with or without a port
 */
export function isPrivateHost(host: string): boolean {
  const name = canonicalHost(host);
  if (name === null) return true;
  if (name.startsWith('[')) return !isPublicIpv6(name.slice(1, -1));
  if (/^\d+(?:\.\d+){3}$/.test(name)) return isPrivateIpv4(toNumber(name));
  const labels = name.split('.');
  return labels.length < 2 || labels.some((_, index) => PRIVATE_DOMAINS.has(labels.slice(index).join('.')));
}

/**
 * Returns the name as the WHATWG URL Standard spells it: lower case, IDNA applied, and every notation of an IPv4 address
 * (`2130706433`, `0x7f.1`, `0177.0.0.1`) dotted; null when it is no host.
 */
function canonicalHost(host: string): string | null {
  if (!/^[^\s/?#@\\]+$/.test(host)) return null;
  let { hostname } = parseUrl(`http://${host}/`) ?? { hostname: '' };
  while (hostname.endsWith('.')) hostname = hostname.slice(0, -1);
  return hostname === '' ? null : hostname;
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function isPrivateIpv4(address: number): boolean {
  return PRIVATE_NETWORKS.some(({ first, last }) => address >= first && address <= last);
}

/** Global unicast addresses (2000::/3), except those for tunnels, which contain an IPv4 address, and for documents. */
function isPublicIpv6(address: string): boolean {
  const [first = 0, second = 0] = groupsOf(address);
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2002 || (first === 0x3fff && second < 0x1000)) return false;
  return !(first === 0x2001 && (second < 0x200 || second === 0xdb8));
}

/** Returns the first groups of an address as the URL Standard serializes it, up to `::`. */
function groupsOf(address: string): number[] {
  const [head = ''] = address.split('::');
  return head.split(':').map((group) => Number.parseInt(group || '0', 16));
}

function parseNetwork(network: string): { first: number; last: number } {
  const [address = '', bits = ''] = network.split('/');
  const first = toNumber(address);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
