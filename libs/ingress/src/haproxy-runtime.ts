import { connect } from 'node:net';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { IngressUnavailableError } from './ingress-unavailable.error.js';

/** How long one command may take from connect to the last byte of its response, in milliseconds. */
const DEADLINE_MS = 2_000;
/** Excludes blanks, `;`, `\`, quotes, `<<` and line ends, which would begin another word, command or payload. */
const WORD = /^[A-Za-z0-9_./:=-]{1,300}$/;

/**
 * HAProxy's runtime API, with a connection for each command.
 * https://docs.haproxy.org/2.6/management.html#9.3
 */
@Injectable()
export class HaproxyRuntime {
  private readonly socketPath: string;

  constructor(config: IngressConfig) {
    this.socketPath = join(config.socketDir, 'admin.sock');
  }

  /**
   * Sends one command and returns its whole response, which ends in a line end. The caller reads from it whether the
   * command succeeded.
   *
   * @throws {RangeError} when HAProxy could parse a word as more than one word
   * @throws {IngressUnavailableError} when HAProxy does not answer within 2 seconds
   */
  command(...words: readonly string[]): Promise<string> {
    for (const word of words) assertWord(word);
    return this.exchange(`${words.join(' ')}\n`);
  }

  /**
   * Sends a command with rows of words as its payload, which must fit into 16 KiB.
   *
   * @throws the same errors as {@link command}
   */
  commandWithRows(words: readonly string[], rows: readonly (readonly string[])[]): Promise<string> {
    for (const word of [...words, ...rows.flat()]) assertWord(word);
    return this.exchange(`${words.join(' ')} <<\n${rows.map((row) => `${row.join(' ')}\n`).join('')}\n`);
  }

  private exchange(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect({ path: this.socketPath });
      const deadline = setTimeout(() => {
        socket.destroy(new Error(`no answer within ${DEADLINE_MS} ms`));
      }, DEADLINE_MS);
      socket.setEncoding('utf8');
      socket.once('connect', () => socket.write(line));
      socket.on('data', (text: string) => (answer += text));
      socket.once('end', () => {
        if (answer.endsWith('\n')) resolve(answer);
      });
      socket.once('error', (cause) => {
        reject(new IngressUnavailableError(`HAProxy does not answer: ${cause.message}`, { cause }));
      });
      socket.once('close', () => {
        clearTimeout(deadline);
        reject(new IngressUnavailableError('HAProxy closed the connection before the end of its response.'));
      });
    });
  }
}

function assertWord(word: string): void {
  if (!WORD.test(word))
    throw new RangeError(`${JSON.stringify(word)} is not a valid word of a HAProxy command`);
}
