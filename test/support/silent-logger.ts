import type { LoggerService } from '@nestjs/common';

/** A logger that discards everything, for tests that provoke errors, which Nest would log. */
export const SILENT: LoggerService = { log: discard, warn: discard, error: discard };

function discard(): void {
  return undefined;
}
