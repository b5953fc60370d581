import { endianness } from 'node:os';
import { AGENT_REPORT_LIMITS } from '@nexos/contracts';
import { type Listener } from '@nexos/domain';

const LISTEN = '0A';
/** Docker's name server, which every container on a Swarm network has. */
const NAME_SERVER = '127.0.0.11';
const MAPPED = '0'.repeat(20) + 'ffff';

/**
 * Returns the sockets that wait for connections, by the kernel's tables of TCP sockets (`/proc/net/tcp` and `tcp6`,
 * proc(5)): those that others may reach first, and no more than a report may have.
 */
export function listenersIn(tables: readonly string[]): Listener[] {
  const listeners = new Map<string, Listener>();
  for (const line of tables.flatMap((table) => table.split('\n'))) {
    const [, address = '', port = '', state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F:]+ ([0-9A-F]{2}) /.exec(line) ?? [];
    if (state !== LISTEN) continue;
    const listener = { address: addressOf(address), port: Number.parseInt(port, 16) };
    if (listener.address !== NAME_SERVER) listeners.set(`${listener.address} ${listener.port}`, listener);
  }
  return [...listeners.values()].sort(byReach).slice(0, AGENT_REPORT_LIMITS.listeners);
}

function byReach(a: Listener, b: Listener): number {
  const reach = ({ address }: Listener) => (address.startsWith('127.') || address === '::1' ? 1 : 0);
  return reach(a) - reach(b) || a.port - b.port || a.address.localeCompare(b.address);
}

/** Reads an address that the kernel prints as words in its own byte order. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = Buffer.concat(
    words.map((word) => {
      const buffer = Buffer.from(word, 'hex');
      return endianness() === 'LE' ? buffer.reverse() : buffer;
    }),
  );
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.toString('hex').startsWith(MAPPED)) return bytes.subarray(12).join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  // URLs contain the shortest form.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
