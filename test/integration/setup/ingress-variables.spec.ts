import { describe, expect, it } from 'vitest';
import { ingressVariables } from '../../../docker/local/ingress-variables.js';
import { SetupError } from '../../../docker/local/setup-error.mjs';

describe('ingressVariables', () => {
  it('passes HAProxy the variables that it reads and that are set', async () => {
    const environment = {
      PUBLIC_SCHEME: 'https',
      INGRESS_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      INGRESS_MAX_CONNECTIONS: '',
      ENCRYPTION_KEY: 'secret',
    };
    expect(await ingressVariables(environment)).toEqual([
      'PUBLIC_SCHEME=https',
      'INGRESS_TRUSTED_PROXIES=10.0.0.0/8, ::1',
    ]);
    expect(await ingressVariables({})).toEqual([]);
  });

  it('rejects what HAProxy would not start with', async () => {
    const passing = ingressVariables({ INGRESS_TRUSTED_PROXIES: 'my-proxy' });
    await expect(passing).rejects.toThrow(SetupError);
    await expect(passing).rejects.toThrow(
      'INGRESS_TRUSTED_PROXIES must be addresses or CIDR blocks, separated by commas',
    );
  });
});
