import type { LoggerService } from '@nestjs/common';

/** For tests that make things go wrong on purpose: what Nest has to say about it helps nobody. */
export const SILENT: LoggerService = { log: noWord, warn: noWord, error: noWord };

function noWord(): void {
  return undefined;
}
