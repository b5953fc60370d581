const KEPT = 8 * 1024;
const LONGEST_LINE = 500;
const REDACTED = '***';

/** Gathers what a process writes to standard error: the end of it, in bounded memory and without secrets. */
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

  /** The output is over; a last line may have no line end. */
  end(): void {
    if (this.line !== '') this.finish(this.line);
    this.line = '';
  }

  get text(): string {
    return this.kept.trim();
  }

  private finish(raw: string): void {
    // A progress meter writes over its own line; only its last state stands.
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
