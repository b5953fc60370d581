// @ts-check
import { stripVTControlCharacters } from 'node:util';

const INDENT = '   ';

/** Prints the demo's output: numbered headings with indented text below. */
export class Screen {
  #chapter = 0;
  #closed = false;
  #bold;

  /** @param {NodeJS.WriteStream} output */
  constructor(output) {
    this.output = output;
    this.#bold = output.isTTY && !process.env['NO_COLOR'];
  }

  /** @param {string} text */
  title(text) {
    this.#write(this.#strong(text));
  }

  /** @param {string} text */
  heading(text) {
    this.#chapter += 1;
    this.#write(`\n${this.#strong(`${this.#chapter}. ${text}`)}`);
  }

  /** @param {string} text one line or several */
  say(text) {
    for (const line of text.split('\n')) this.#write(line === '' ? '' : `${INDENT}${line}`);
  }

  /**
   * Prints a line of untrusted text, without its control characters.
   *
   * @param {string} line
   * @param {string} [mark]
   */
  quote(line, mark = '|') {
    this.say(`${mark} ${withoutControls(line)}`);
  }

  /** Stops printing, so that work still running after an interruption prints nothing. */
  close() {
    this.#closed = true;
  }

  /** @param {string} text */
  #strong(text) {
    return this.#bold ? `\u001b[1m${text}\u001b[22m` : text;
  }

  /** @param {string} line */
  #write(line) {
    if (!this.#closed) this.output.write(`${line}\n`);
  }
}

/** @param {string} text */
function withoutControls(text) {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '    ')
    .replaceAll(/\p{Cc}/gu, '');
}
