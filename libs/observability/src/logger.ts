import { type ObservabilityConfig } from '@nexos/config';
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { correlation } from './correlation.js';

/** JSON lines on standard output, each with the fields of the request or job it belongs to. */
export function createLogger(app: string, config: ObservabilityConfig): Logger {
  return pino({
    level: config.logLevel,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    mixin: () => correlation(),
  });
}

/** Classes of Nest's that say at each start, line by line, what the code says already. */
const CHATTY = ['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver'];

/** Lets Nest, and everything that logs through it, write with pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(CHATTY.includes(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the name of the logging class last, and a stack before it where there is one. */
  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ) {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const { text, own } = said(message);
    const fields = {
      ...own,
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
      ...(message instanceof Error ? { stack: message.stack } : {}),
    };
    this.logger[level](fields, text);
  }
}

/** An object with a `message` is a line with fields of its own. */
function said(message: unknown): { text: string; own: object } {
  if (message instanceof Error) return { text: message.message, own: {} };
  if (typeof message !== 'object' || message === null || !('message' in message)) {
    return { text: String(message), own: {} };
  }
  const { message: text, ...own } = message;
  return { text: String(text), own };
}
