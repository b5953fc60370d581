import type Docker from 'dockerode';

/** The port that engines speak TLS on, by convention. */
const TLS_PORT = '2376';

/**
 * Where `unix:///path`, `tcp://host:port` or `http(s)://host:port` leads. docker-modem reads DOCKER_HOST itself
 * and prefers it to what it is given, so everything that it would take from there is set here, also to undefined.
 * The certificates of a TLS engine are still read from DOCKER_CERT_PATH.
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
