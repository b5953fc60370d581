import { describe, expect, it } from 'vitest';
import {
  describeVariables,
  EngineConfig,
  FaultConfig,
  HttpConfig,
  IngressConfig,
  ServicesConfig,
} from './index.js';

const find = (section: abstract new () => object, name: string) =>
  describeVariables(section).find((variable) => variable.name === name);

describe('describeVariables', () => {
  it('reads the type, the default and the range from the decorators', () => {
    expect(find(HttpConfig, 'PORT')).toMatchObject({
      type: 'integer',
      default: 3000,
      isRequired: false,
      accepts: '0 to 65535',
    });
    expect(find(ServicesConfig, 'SERVICE_CPU')).toMatchObject({ type: 'number', accepts: '0.1 to 256' });
  });

  it('takes the accepted format from the validation message', () => {
    expect(find(EngineConfig, 'NEXOS_INSTANCE')?.accepts).toBe('1 to 16 of a-z, 0-9 and inner -');
    expect(find(HttpConfig, 'TRUSTED_PROXIES')?.accepts).toMatch(/^addresses or CIDR blocks/);
    expect(find(IngressConfig, 'PUBLIC_SCHEME')?.accepts).toBe('http, https');
  });

  it('tells an optional variable from a required one', () => {
    expect(find(FaultConfig, 'NEXOS_FAULT_POINT')).toMatchObject({ isRequired: false, default: undefined });
    expect(find(EngineConfig, 'REGISTRY_URL')?.isRequired).toBe(false);
  });

  it('describes every variable in a sentence', () => {
    for (const { name, description } of describeVariables(EngineConfig)) {
      expect(description, name).toMatch(/^[A-Z`].*\.$/);
    }
  });
});
