import { describe, expect, it } from 'vitest';
import { withoutInternals } from './quote.js';

describe('withoutInternals', () => {
  it('strips the engine’s paths and addresses', () => {
    expect(withoutInternals('open /var/lib/docker/tmp/buildkit-mount1/app/Dockerfile: no such file')).toBe(
      'open Dockerfile: no such file',
    );
    expect(withoutInternals('lookup example.org on 10.0.0.53:53: no such host')).toBe(
      'lookup example.org: no such host',
    );
  });
});
