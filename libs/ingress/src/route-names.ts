const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const SERVICE = new RegExp(`^${LABEL}$`);
const TARGET = new RegExp(`^${LABEL}:([1-9][0-9]{0,4}):([1-9][0-9]{0,6})$`);
const MAX_PORT = 65_535;
const MAX_TIMEOUT_MS = 3_600_000;

/**
 * Checks that a text is a lower-case host name without a port (RFC 1123, section 2.1).
 *
 * @throws {RangeError} when it is not
 */
export function assertHost(host: string): void {
  if (!HOST.test(host)) throw new RangeError(`${JSON.stringify(host)} is not a lower-case host name`);
}

/**
 * Returns the target of a single request: `service:port`.
 *
 * @throws {RangeError} when the service is not a DNS label, or the port is not a TCP port
 */
export function routeTarget(service: string, port: number): string {
  if (!SERVICE.test(service)) throw new RangeError(`${JSON.stringify(service)} is not a DNS label`);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new RangeError(`${port} is not a port`);
  return `${service}:${port}`;
}

/**
 * Returns the target of a host in the map: `service:port:milliseconds`, with the request timeout of its app.
 *
 * @throws {RangeError} when a part is invalid
 */
export function mapTarget(service: string, port: number, requestTimeoutMs: number): string {
  const target = `${routeTarget(service, port)}:${requestTimeoutMs}`;
  assertMapTarget(target);
  return target;
}

/**
 * Checks that a text is a target of the form that {@link mapTarget} returns.
 *
 * @throws {RangeError} when it is not
 */
export function assertMapTarget(target: string): void {
  const [, port = '', timeoutMs = ''] = TARGET.exec(target) ?? [];
  if (port === '' || Number(port) > MAX_PORT || Number(timeoutMs) > MAX_TIMEOUT_MS) {
    throw new RangeError(`${JSON.stringify(target)} is not service:port:milliseconds`);
  }
}
