import { describe, expect, it } from 'vitest';
import { IngressConfig, loadConfig } from './index.js';

const load = (variables: Record<string, string>) => loadConfig({ ingress: IngressConfig }, variables).ingress;

describe('IngressConfig', () => {
  it('trusts no proxy, and leaves the number of connections to the machine, by default', () => {
    expect(load({ INGRESS_TRUSTED_PROXIES: '', INGRESS_MAX_CONNECTIONS: '' })).toMatchObject({
      trustedProxies: [],
      proxyProtocol: false,
      maxConnectionsPerHost: 500,
    });
    expect(load({}).maxConnections).toBeUndefined();
  });

  it('reads addresses and networks of both families', () => {
    const list = '10.0.0.1,172.16.0.0/12 , ::1,fd00::/8';
    const { trustedProxies, proxyProtocol } = load({
      INGRESS_TRUSTED_PROXIES: list,
      INGRESS_PROXY_PROTOCOL: 'true',
    });
    expect(trustedProxies).toEqual(['10.0.0.1', '172.16.0.0/12', '::1', 'fd00::/8']);
    expect(proxyProtocol).toBe(true);
  });

  it.each([
    ['INGRESS_TRUSTED_PROXIES', '10.0.0.1,proxy', 'must be addresses or CIDR blocks, separated by commas'],
    ['INGRESS_TRUSTED_PROXIES', '10.0.0.1 10.0.0.2', 'must be addresses or CIDR blocks, separated by commas'],
    ['INGRESS_TRUSTED_PROXIES', '10.0.0.0/33', 'must be addresses or CIDR blocks, separated by commas'],
    ['INGRESS_TRUSTED_PROXIES', '-f /etc/passwd', 'must be addresses or CIDR blocks, separated by commas'],
    ['INGRESS_PROXY_PROTOCOL', 'yes', 'must be true or false'],
    ['INGRESS_MAX_CONNECTIONS', '99', 'must not be less than 100'],
    ['INGRESS_MAX_CONNECTIONS_PER_HOST', '0', 'must not be less than 1'],
  ])('rejects %s=%s in one sentence', (name, value, problem) => {
    expect(() => load({ [name]: value })).toThrow(`Invalid configuration:\n  - ${name} ${problem}`);
  });
});
