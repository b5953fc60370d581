import type { LoggerService } from '@nestjs/common';
import { ShutdownHooks } from './shutdown-hooks.js';

/** Compose and `npm start` kill an app 30 s after the signal; it ends by itself before that, and says why it had to. */
const LIMIT_MS = 25_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What `stopOnSignal` needs of a Nest application. */
export interface StoppableApp {
  close(signal?: string): Promise<void>;
  get(type: typeof ShutdownHooks): ShutdownHooks;
}

export interface StopOptions {
  readonly limitMs?: number;
  /** Ends the process. */
  readonly exit?: (code: number) => void;
  readonly signals?: Pick<NodeJS.EventEmitter, 'on'>;
}

/**
 * Ends the process for certain after SIGTERM or SIGINT: with code 0 once all shutdown hooks have ended, and with code 1 after
 * 25 s, when it logs which ones have not. A second signal ends it at once.
 */
export function stopOnSignal(
  app: StoppableApp,
  logger: LoggerService,
  { limitMs = LIMIT_MS, exit = (code) => process.exit(code), signals = process }: StopOptions = {},
): void {
  const hooks = app.get(ShutdownHooks);
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const limit = setTimeout(() => {
      const running = hooks.running.join(', ') || 'open connections';
      logger.error(`did not stop within ${limitMs / 1_000} s of ${signal}; it waited for: ${running}`);
      exit(1);
    }, limitMs);
    try {
      await app.close(signal);
      logger.log('stopped');
      exit(0);
    } catch (error) {
      logger.error(`could not stop in order: ${(error as Error).message}`, (error as Error).stack);
      exit(1);
    } finally {
      clearTimeout(limit);
    }
  };
  for (const signal of SIGNALS) {
    signals.on(signal, () => {
      if (isStopping) {
        logger.warn(`received ${signal} while stopping; ending at once`);
        exit(1);
        return;
      }
      isStopping = true;
      logger.log(`received ${signal}; stopping`);
      void stop(signal);
    });
  }
}
