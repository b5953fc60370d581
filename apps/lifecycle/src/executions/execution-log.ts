import { BuildLog, LogUnavailableError, type LogWriter, type Redactor } from '@nexos/logs';
import { LOG_START, type LogLine, type LogText } from '@nexos/contracts';
import { type ExecutionEntity } from '@nexos/database';
import { Injectable } from '@nestjs/common';

const LOG_LIMIT = 1024 * 1024;
/** More than fit into the limit. */
const ALL_LINES = 100_000;

/** A log that an execution's output is written into, and how much of that output it has already. */
export interface ExecutionLog {
  readonly writer: LogWriter;
  /** Takes the command's output from its first line on; what an earlier worker wrote of it is not repeated. */
  readonly take: (line: LogText) => void;
}

/** The logs of executions. A command writes its lines once, whoever reads them: workers that die do not change that. */
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

  /** Where they cannot be read, some are told twice rather than the end of the command not at all. */
  private async earlierLines(id: string): Promise<LogLine[]> {
    try {
      return await this.buildLog.reader.read(id, LOG_START, ALL_LINES);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      return [];
    }
  }
}
