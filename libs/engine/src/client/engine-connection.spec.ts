import { describe, expect, it } from 'vitest';
import { engineConnection } from './engine-connection.js';

describe('engineConnection', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock', host: undefined }],
    ['tcp://build-1:2375', { socketPath: undefined, host: 'build-1', port: '2375', protocol: 'http' }],
    ['tcp://build-1:2376', { host: 'build-1', port: '2376', protocol: 'https' }],
    ['https://engine.example.org', { host: 'engine.example.org', port: 443, protocol: 'https' }],
  ])('parses %s', (dockerHost, connection) => {
    expect(engineConnection(dockerHost)).toMatchObject(connection);
  });
});
