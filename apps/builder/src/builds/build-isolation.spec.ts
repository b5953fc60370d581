import { type Engine, EngineNotFoundError } from '@nexos/engine';
import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BuildIsolation } from './build-isolation.js';

describe('BuildIsolation', () => {
  afterEach(() => vi.restoreAllMocks());

  async function warnings(engine: { labels: string[]; isShared: boolean } | Error): Promise<string[]> {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const fake =
      engine instanceof Error
        ? { info: () => Promise.reject(engine), sharesDefaultBridge: () => Promise.reject(engine) }
        : {
            info: () => Promise.resolve({ labels: engine.labels }),
            sharesDefaultBridge: () => Promise.resolve(engine.isShared),
          };
    await new BuildIsolation(fake as unknown as Engine).onApplicationBootstrap();
    return warn.mock.calls.map(([message]) => String(message));
  }

  it('says nothing about an engine that isolates builds', async () => {
    expect(await warnings({ labels: ['dev.nexos.build-limits=own'], isShared: false })).toEqual([]);
  });

  it('warns about missing limits and about a shared bridge', async () => {
    expect(await warnings({ labels: ['other=1'], isShared: true })).toEqual([
      expect.stringContaining('no limit on processes, memory and CPU'),
      expect.stringContaining('can reach each other'),
    ]);
  });

  it('lets the builder start without an engine', async () => {
    expect(await warnings(new EngineNotFoundError('gone'))).toEqual([
      'could not check whether the engine isolates builds: gone',
    ]);
  });
});
