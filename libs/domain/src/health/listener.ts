/** A TCP socket on which something in a container waits for connections. */
export interface Listener {
  /** Without brackets; `0.0.0.0` and `::` are all addresses. */
  readonly address: string;
  readonly port: number;
}

/** What a failure is about: the app, or a further container of a version. */
export type StartedPart = 'app' | 'container';

const MAX_NAMED_PORTS = 3;

/**
 * Explains why something that refused connections over IPv4 cannot be reached on its port.
 *
 * @param seconds how long it was tried
 * @param isExposed whether the port is the one that its image exposes
 * @returns a sentence, or null when its sockets do not tell
 */
export function explainRefusal(
  listeners: readonly Listener[],
  {
    port,
    seconds,
    part = 'app',
    isExposed = false,
  }: {
    readonly port: number;
    readonly seconds: number;
    readonly part?: StartedPart;
    readonly isExposed?: boolean;
  },
): string | null {
  if (listeners.length === 0) {
    return `Nothing in the container listened on a TCP port within ${seconds} s: make the ${part === 'app' ? 'app' : 'program'} listen on 0.0.0.0:${port}, the port in the PORT variable, or raise start_timeout_seconds if it needs longer.`;
  }
  const onPort = listeners.filter((listener) => listener.port === port);
  // A socket for all IPv6 addresses accepts IPv4 too, unless it is for IPv6 only. Linux does not show which.
  const [only] = [...onPort].sort((a, b) => Number(isLoopback(a)) - Number(isLoopback(b)));
  if (only?.address === '0.0.0.0') return null;
  if (only?.address === '::') {
    return `The ${part} listens on port ${port} on IPv6 only, but is reached over IPv4: make it listen on 0.0.0.0.`;
  }
  if (only !== undefined) return onlyOn(only, port, part);
  const open = listeners.filter((listener) => !isLoopback(listener));
  const [first] = listeners;
  if (open.length === 0 && first !== undefined) return onlyOn(first, port, part);
  const ports = [...new Set(open.map((listener) => listener.port))];
  const named = ports.slice(0, MAX_NAMED_PORTS).join(', ');
  const them = ports.length === 1 ? `port ${named}` : `ports ${named}`;
  const wanted = isExposed ? `${port}, the port that its image exposes` : port;
  return `The ${part} listens on ${them} instead of ${wanted}: make it listen on the port in the PORT variable, or set ${settingOf(part, 'port')} to the one that it listens on.`;
}

/** Names a setting of the app or of a container, for a sentence that says to change it. */
export function settingOf(part: StartedPart, name: string): string {
  return part === 'app' ? `${name} (app.${name} in nexos.yaml)` : `its ${name}`;
}

function onlyOn(listener: Listener, port: number, part: StartedPart): string {
  const reach = isLoopback(listener)
    ? 'which only its own container can reach'
    : 'not on all addresses of its container';
  return `The ${part} listens on ${listener.address} only (port ${listener.port}), ${reach}: make it listen on 0.0.0.0:${port}.`;
}

function isLoopback({ address }: Listener): boolean {
  return address === '::1' || address.startsWith('127.');
}
