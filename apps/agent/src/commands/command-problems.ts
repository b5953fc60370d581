import { type ContainerOutputLine } from '@nexos/contracts';
import { type CommandProblem } from '@nexos/domain';
import { ContainerFiles, EngineError, type LocalContainer } from '@nexos/engine';
import { Injectable, Logger } from '@nestjs/common';
import { checkCommand } from './command-check.js';

const MAX_REMEMBERED = 1_000;

/** Finds out why commands of containers could not run, once for each deployment that keeps exiting. */
@Injectable()
export class CommandProblems {
  private readonly logger = new Logger(CommandProblems.name);
  /** By deployment, exit code and what the container wrote: with all the same, another look finds nothing else. */
  private readonly known = new Map<string, CommandProblem | null>();

  constructor(private readonly files: ContainerFiles) {}

  /** @returns null when nothing is wrong with the command, or the engine does not let it be looked at */
  async find(
    { id, owner, command, exitCode: code }: LocalContainer,
    output: readonly ContainerOutputLine[],
  ): Promise<CommandProblem | null> {
    const lines = output.map(({ text }) => text);
    const key = JSON.stringify([owner.deploymentId, code, lines]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    try {
      const problem = await checkCommand(command, (path) => this.files.find(id, path), { code, lines });
      this.remember(key, problem);
      return problem;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.logger.warn(`could not look at the command of ${id}: ${error.message}`);
      return null;
    }
  }

  private remember(key: string, problem: CommandProblem | null): void {
    this.known.set(key, problem);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_REMEMBERED && oldest !== undefined) this.known.delete(oldest);
  }
}
