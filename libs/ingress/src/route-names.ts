const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);
const SERVICE = new RegExp(`^${LABEL}$`);
const TARGET = new RegExp(`^${LABEL}:([1-9][0-9]{0,4}):([1-9][0-9]{0,6})(?::${LABEL})?$`);
/** An environment in either map, a container's name, and a version: a deployment with the number of its moves. */
const GROUP = '=[a-z0-9_]{1,64}';
const CONTAINER = '[a-z][a-z0-9-]{0,31}';
const VERSION = '[a-z0-9_]{1,64}-[0-9]{1,9}';
const REFERENCE = new RegExp(`^${GROUP}/${CONTAINER}$`);
const VERSION_KEY = new RegExp(`^${GROUP}(?:/${CONTAINER}/${VERSION})?$`);
const VERSION_NAME = new RegExp(`^${VERSION}$`);
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
 * Checks that a text can be the name of a Swarm service.
 *
 * @throws {RangeError} when it is not a DNS label
 */
export function assertService(service: string): void {
  if (!SERVICE.test(service)) throw new RangeError(`${JSON.stringify(service)} is not a DNS label`);
}

/** Where an app listens, and how the ingress reaches it. */
export interface Destination {
  /** The Swarm service. */
  readonly service: string;
  readonly port: number;
  /** The service of the relay in front of it; null when the ingress reaches it directly. */
  readonly relay: string | null;
}

/**
 * Returns the target of a single request: `service:port`, or `service:port:relay`.
 *
 * @throws {RangeError} when a service is not a DNS label, or the port is not a TCP port
 */
export function routeTarget({ service, port, relay }: Destination): string {
  return `${address(service, port)}${behind(relay)}`;
}

/**
 * Returns the target of a host in the map: `service:port:milliseconds`, with the request timeout of its app, or
 * `service:port:milliseconds:relay`.
 *
 * @throws {RangeError} when a part is invalid
 */
export function mapTarget({ service, port, relay }: Destination, requestTimeoutMs: number): string {
  const target = `${address(service, port)}:${requestTimeoutMs}${behind(relay)}`;
  assertMapTarget(target);
  return target;
}

/** Returns the key under which the map of versions has the version of an environment. */
export function versionKey(environmentId: string): string {
  return `=${environmentId}`;
}

/** Returns the value of a host whose target depends on the version of its environment. */
export function hostReference(environmentId: string, container: string): string {
  return `${versionKey(environmentId)}/${container}`;
}

/** Returns the key under which the map of versions has the target of a container of a version. */
export function targetKey(environmentId: string, container: string, version: string): string {
  return `${hostReference(environmentId, container)}/${version}`;
}

/** Names what a deployment runs as, which is something else after each move. */
export function versionName(deploymentId: string, moves: number): string {
  return `${deploymentId}-${moves}`;
}

function address(service: string, port: number): string {
  assertService(service);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new RangeError(`${port} is not a port`);
  return `${service}:${port}`;
}

function behind(relay: string | null): string {
  if (relay === null) return '';
  assertService(relay);
  return `:${relay}`;
}

/**
 * Checks that a text is a target of the form that {@link mapTarget} returns.
 *
 * @throws {RangeError} when it is not
 */
export function assertMapTarget(target: string): void {
  const [, port = '', timeoutMs = ''] = TARGET.exec(target) ?? [];
  if (port === '' || Number(port) > MAX_PORT || Number(timeoutMs) > MAX_TIMEOUT_MS) {
    throw new RangeError(`${JSON.stringify(target)} is not service:port:milliseconds[:relay]`);
  }
}

/**
 * Checks the value of a host: a target, or a reference to the map of versions.
 *
 * @throws {RangeError} when it is neither
 */
export function assertHostValue(value: string): void {
  if (!REFERENCE.test(value)) assertMapTarget(value);
}

/** @throws {RangeError} when the map of versions cannot have this key */
export function assertVersionKey(key: string): void {
  if (!VERSION_KEY.test(key)) throw new RangeError(`${JSON.stringify(key)} names no version`);
}

/** @throws {RangeError} when the map of versions cannot have this value */
export function assertVersionValue(value: string): void {
  if (!VERSION_NAME.test(value)) assertMapTarget(value);
}
