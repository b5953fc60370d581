import { type ContainerOutputLine, type LoggedContainer } from '@nexos/contracts';
import { Sealer, sealIdentity, UnsealError } from '@nexos/crypto';
import { APP_CONTAINER, describeExit } from '@nexos/domain';
import { ContainerRunsRepository, type RecordedEnd } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { type BatchLine } from './runtime-log-batch.js';

/** A line for the log, not redacted yet. */
export interface ExitLine {
  readonly line: BatchLine;
  /** Whether the engine may have the line too. */
  readonly isCopy: boolean;
}

/** Returns the exits that the last call did not return. */
export interface ExitReader {
  readonly next: () => Promise<ExitLine[]>;
}

const NANOSECONDS_IN_SECOND = 1_000_000_000n;

/**
 * Says in a container's log how its runs ended. For a log read from its beginning, also has their last lines, since the
 * engine removes containers that ended, along with their output.
 */
@Injectable()
export class ExitLines {
  private readonly logger = new Logger(ExitLines.name);

  constructor(
    private readonly runs: ContainerRunsRepository,
    private readonly sealer: Sealer,
  ) {}

  /** @param since nanoseconds of the last known line; null to read from the beginning */
  reader({ deploymentId, container }: LoggedContainer, since: string | null): ExitReader {
    const seen = new Set<string>();
    let isHistory = since === null;
    return {
      next: async () => {
        const ends = await this.runs.endsOf(deploymentId, container, since ?? '0');
        const unseen = ends.filter(({ containerId }) => !seen.has(containerId));
        for (const { containerId } of unseen) seen.add(containerId);
        const lines = unseen.flatMap((end) => [
          ...(isHistory ? this.lastLines(end) : []),
          exitLine(container, end),
        ]);
        isHistory = false;
        return lines;
      },
    };
  }

  private lastLines({ containerId, sealedLines }: RecordedEnd): ExitLine[] {
    if (sealedLines === null) return [];
    try {
      const opened = this.sealer.open(sealedLines, sealIdentity.containerOutput(containerId));
      const lines = JSON.parse(opened) as readonly ContainerOutputLine[];
      return lines.map((line) => ({ line: { ...line, task: containerId }, isCopy: true }));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      this.logger.warn(`could not decrypt the last lines of ${containerId}: ${error.message}`);
      return [];
    }
  }
}

function exitLine(container: string, end: RecordedEnd): ExitLine {
  const what = container === APP_CONTAINER ? 'the app' : `the container ${container}`;
  const text = `${what} ${describeExit(end)}`;
  const line = { time: timeOf(end.nanoseconds), task: end.containerId, stream: 'system' as const, text };
  return { line, isCopy: false };
}

/** Formats nanoseconds since the epoch as RFC 3339 with nine decimals. */
function timeOf(nanoseconds: string): string {
  const whole = BigInt(nanoseconds);
  const seconds = new Date(Number(whole / NANOSECONDS_IN_SECOND) * 1000)
    .toISOString()
    .slice(0, -'.000Z'.length);
  return `${seconds}.${String(whole % NANOSECONDS_IN_SECOND).padStart(9, '0')}Z`;
}
