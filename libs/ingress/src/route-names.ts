const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const SERVICE = new RegExp(`^${LABEL}$`);
const TARGET = new RegExp(`^(${LABEL}):([1-9][0-9]{0,4})$`);
const MAX_PORT = 65_535;

/**
 * Checks that a text is a host name in lower case, without a port (RFC 1123, section 2.1).
 *
 * @throws {RangeError} when it is not
 */
export function assertHost(host: string): void {
  if (!HOST.test(host)) throw new RangeError(`${JSON.stringify(host)} is no host name in lower case`);
}

/**
 * The target of a route: `service:port`, as the map holds it.
 *
 * @throws {RangeError} when the service is no DNS label, or the port none of TCP's
 */
export function routeTarget(service: string, port: number): string {
  if (!SERVICE.test(service)) throw new RangeError(`${JSON.stringify(service)} is no DNS label`);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new RangeError(`${port} is no port`);
  return `${service}:${port}`;
}

/**
 * Checks that a text is a target as {@link routeTarget} makes it.
 *
 * @throws {RangeError} when it is not
 */
export function assertTarget(target: string): void {
  const port = TARGET.exec(target)?.[2];
  if (port === undefined || Number(port) > MAX_PORT) {
    throw new RangeError(`${JSON.stringify(target)} is not service:port`);
  }
}
