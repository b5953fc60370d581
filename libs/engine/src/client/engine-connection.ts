import type Docker from 'dockerode';

/** The engine's TLS port, by convention. */
const TLS_PORT = '2376';

/**
 * Parses `unix:///path`, `tcp://host:port` or `http(s)://host:port` into connection options. docker-modem reads
 * DOCKER_HOST itself and prefers it to its options, so every option it would take from there is set here, if only to
 * undefined. The certificates of a TLS engine still come from DOCKER_CERT_PATH.
 */
export function engineConnection(dockerHost: string): Docker.DockerOptions {
  if (dockerHost.startsWith('unix://')) {
    return {
      socketPath: dockerHost.slice('unix://'.length),
      host: undefined,
      port: undefined,
      protocol: 'http',
      timeout: undefined,
    };
  }
  const { hostname, port, protocol } = new URL(dockerHost.replace(/^tcp:/, 'http:'));
  const tls = protocol === 'https:' || port === TLS_PORT;
  return {
    socketPath: undefined,
    host: hostname,
    port: port === '' ? (tls ? 443 : 80) : port,
    protocol: tls ? 'https' : 'http',
    timeout: undefined,
  };
}
