// @ts-check
import { stripVTControlCharacters } from 'node:util';

const INDENT = '   ';

/** What the demo prints: numbered headings, and below each what happens, indented. */
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
   * Shows a line that somebody else wrote. It may hold anything, so nothing in it reaches the terminal as a
   * command.
   *
   * @param {string} line
   * @param {string} [mark]
   */
  quote(line, mark = '|') {
    this.say(`${mark} ${withoutControls(line)}`);
  }

  /** Nothing more is printed: what is still going on when the demo is stopped has lost its reader. */
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
