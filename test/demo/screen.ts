import { stripVTControlCharacters } from 'node:util';

const INDENT = '   ';

/** The demo's output: numbered headings, with indented lines below. */
export class Screen {
  private chapter = 0;
  private closed = false;
  private readonly bold: boolean;

  constructor(readonly output: NodeJS.WriteStream) {
    this.bold = output.isTTY && !process.env.NO_COLOR;
  }

  title(text: string): void {
    this.write(this.strong(text));
  }

  heading(text: string): void {
    this.chapter += 1;
    this.write(`\n${this.strong(`${this.chapter}. ${text}`)}`);
  }

  /** @param text one line or several */
  say(text: string): void {
    for (const line of text.split('\n')) this.write(line === '' ? '' : `${INDENT}${line}`);
  }

  /**
   * Shows a line of foreign origin, without control characters, which the terminal could take for commands.
   */
  quote(line: string, mark = '|'): void {
    this.say(`${mark} ${withoutControls(line)}`);
  }

  /** Stops printing, because work may continue after the demo was interrupted. */
  close(): void {
    this.closed = true;
  }

  private strong(text: string): string {
    return this.bold ? `\u001b[1m${text}\u001b[22m` : text;
  }

  private write(line: string): void {
    if (!this.closed) this.output.write(`${line}\n`);
  }
}

function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    .replaceAll(/\p{Cc}/gu, '');
}
