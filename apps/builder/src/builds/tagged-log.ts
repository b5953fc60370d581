import { type LogText } from '@nexos/contracts';
import type { BuildOutput } from './build-task.js';

/** Writes to a log, with the name of a container before each line. */
export class TaggedLog implements BuildOutput {
  constructor(
    private readonly log: BuildOutput,
    private readonly container: string,
  ) {}

  note(text: string): void {
    this.log.note(`[${this.container}] ${text}`);
  }

  append({ stream, text }: LogText): void {
    this.log.append({ stream, text: `[${this.container}] ${text}` });
  }

  redact(text: string): string {
    return this.log.redact(text);
  }

  redactAlso(secrets: readonly string[]): void {
    this.log.redactAlso(secrets);
  }
}
