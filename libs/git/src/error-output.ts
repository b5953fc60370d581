const KEPT = 8 * 1024;
const LONGEST_LINE = 500;
const REDACTED = '***';

/** Collects the end of a process's standard error, in bounded memory and without secrets. */
export class ErrorOutput {
  private kept = '';
  private line = '';

  constructor(
    private readonly secrets: readonly string[],
    private readonly onLine?: (line: string) => void,
  ) {}

  add(text: string): void {
    const lines = (this.line + text).split('\n');
    this.line = (lines.pop() ?? '').slice(-KEPT);
    for (const line of lines) this.finish(line);
  }

  /** Ends the output; the last line may lack a line ending. */
  end(): void {
    if (this.line !== '') this.finish(this.line);
    this.line = '';
  }

  get text(): string {
    return this.kept.trim();
  }

  private finish(raw: string): void {
    // A progress meter overwrites its line; only its last state counts.
    const last = raw.slice(raw.lastIndexOf('\r', raw.length - 2) + 1);
    const line = this.redact(last).slice(0, LONGEST_LINE).trim();
    if (line === '') return;
    this.kept = `${this.kept}${line}\n`.slice(-KEPT);
    this.onLine?.(line);
  }

  private redact(line: string): string {
    return this.secrets.reduce(
      (text, secret) => (secret === '' ? text : text.replaceAll(secret, REDACTED)),
      line,
    );
  }
}
