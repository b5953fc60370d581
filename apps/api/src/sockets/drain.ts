import type { Server } from 'node:http';

/** How often to close the connections whose request has been answered. */
const CHECK_MS = 50;

/**
 * Stops accepting connections, lets running requests finish, and closes each connection without one. Cuts off the rest
 * after `limitMs`.
 */
export async function drain(server: Server, limitMs: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), CHECK_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), limitMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(cutOff);
}
