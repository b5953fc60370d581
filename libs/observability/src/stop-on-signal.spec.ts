import { EventEmitter } from 'node:events';
import type { BeforeApplicationShutdown, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ObservabilityModule } from './observability.module.js';
import { stopOnSignal } from './stop-on-signal.js';

const LIMIT_MS = 200;

class Orderly implements BeforeApplicationShutdown {
  beforeApplicationShutdown(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

class Hanging implements BeforeApplicationShutdown {
  release: () => void = () => undefined;
  private readonly released = new Promise<void>((resolve) => (this.release = resolve));

  beforeApplicationShutdown(): Promise<void> {
    return this.released;
  }
}

class Broken implements BeforeApplicationShutdown {
  beforeApplicationShutdown(): Promise<void> {
    return Promise.reject(new Error('cannot be stopped'));
  }
}

let app: INestApplicationContext | undefined;
afterEach(async () => {
  app?.get(Hanging, { strict: false }).release();
  await app?.close();
  app = undefined;
});

/** Starts an app with these providers, which ends when `ended` resolves, with its exit code. */
async function start(...providers: Type[]) {
  class AppModule {}
  const root = { module: AppModule, imports: [ObservabilityModule], providers };
  const context = await NestFactory.createApplicationContext(root, { logger: false });
  if (providers.includes(Hanging)) app = context;
  const signals = new EventEmitter();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const exit = vi.fn<(code: number) => void>();
  const ended = new Promise<number>((resolve) => exit.mockImplementation(resolve));
  stopOnSignal(context, { log, warn: log, error: log }, { limitMs: LIMIT_MS, exit, signals });
  return { signals, logged, exit, ended };
}

describe('stopOnSignal', () => {
  it.each(['SIGTERM', 'SIGINT'])('ends with code 0 once all hooks have ended after %s', async (signal) => {
    const { signals, logged, ended } = await start(Orderly);
    signals.emit(signal, signal);
    expect(await ended).toBe(0);
    expect(logged).toEqual([`received ${signal}; stopping`, 'stopped']);
  });

  it('ends with code 1 at the limit, and names the hook that hangs', async () => {
    const { signals, logged, ended } = await start(Orderly, Hanging);
    signals.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(1);
    expect(logged.at(-1)).toBe(
      'did not stop within 0.2 s of SIGTERM; it waited for: Hanging.beforeApplicationShutdown',
    );
  });

  it('ends at once at a second signal', async () => {
    const { signals, logged, exit } = await start(Hanging);
    signals.emit('SIGTERM', 'SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    signals.emit('SIGINT', 'SIGINT');
    expect(exit).toHaveBeenCalledWith(1);
    expect(logged.at(-1)).toBe('received SIGINT while stopping; ending at once');
  });

  it('ends with code 0 when a hook fails, which Nest logs', async () => {
    const { signals, ended } = await start(Broken, Orderly);
    signals.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
  });
});
