import { BuildLog, LogUnavailableError, type LogWriter, type Redactor } from '@nexos/logs';
import { LOG_START, type LogLine, type LogText } from '@nexos/contracts';
import { type ExecutionEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';

const LOG_LIMIT = 1024 * 1024;
/** More lines than fit into the limit. */
const ALL_LINES = 100_000;

/** An execution's open log, which knows how much output it already holds. */
export interface ExecutionLog {
  readonly writer: LogWriter;
  /** Takes the command's output from its first line, and skips lines that an earlier worker wrote. */
  readonly take: (line: LogText) => void;
}

/** Opens the logs of executions. Each output line is logged once, even when workers crash. */
@Injectable()
export class ExecutionLogs {
  constructor(private readonly buildLog: BuildLog) {}

  async open({ id, logWriters }: ExecutionEntity, redactor: Redactor): Promise<ExecutionLog> {
    const first = logWriters === 0;
    const earlier = first ? [] : await this.earlierLines(id);
    const output = earlier.filter(({ stream }) => stream !== 'system');
    const bytes = output.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const writer = await this.buildLog.open(id, redactor, Math.max(0, LOG_LIMIT - bytes));
    let taken = 0;
    return {
      writer,
      take: (line) => {
        if (++taken > output.length) writer.append(line);
      },
    };
  }

  /** Returns no lines when they cannot be read: repeating lines is better than losing the command's outcome. */
  private async earlierLines(id: string): Promise<LogLine[]> {
    try {
      return (await this.buildLog.reader.read(id, LOG_START, ALL_LINES)).lines;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      return [];
    }
  }
}
