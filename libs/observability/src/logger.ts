import { type ObservabilityConfig } from '@nexos/config';
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { correlation } from './correlation.js';

/** Creates a logger that writes JSON lines to standard output, each with the fields of its request or job. */
export function createLogger(app: string, config: ObservabilityConfig): Logger {
  return pino({
    level: config.logLevel,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    mixin: () => correlation(),
  });
}

/** Nest classes that log what the code already says, line by line, at every start. */
const CHATTY = ['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver'];

/** Routes the logs of Nest, and of everything that logs through it, to pino. */
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

  /** Nest passes the name of the logging class last, after the stack if there is one. */
  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ) {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const { text, own } = parseMessage(message);
    const fields = {
      ...own,
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
      ...(message instanceof Error ? { stack: message.stack } : {}),
    };
    this.logger[level](fields, text);
  }
}

/** Splits a logged value into text and fields: the other properties of an object with a `message` become fields. */
function parseMessage(message: unknown): { text: string; own: object } {
  if (message instanceof Error) return { text: message.message, own: {} };
  if (typeof message !== 'object' || message === null || !('message' in message)) {
    return { text: String(message), own: {} };
  }
  const { message: text, ...own } = message;
  return { text: String(text), own };
}
