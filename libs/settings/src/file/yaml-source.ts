import { Composer, LineCounter, Parser, type CST, type Document, type YAMLParseError } from 'yaml';
import { MAX_PROBLEMS, RepositoryConfigError, type ConfigProblem } from './config-problem.js';

/** Maximum size of the file. */
export const MAX_CONFIG_BYTES = 64 * 1024;
/** More levels than any valid file needs. */
const MAX_DEPTH = 16;
const MAX_MESSAGE_LENGTH = 200;

/** The single document of a file, with line numbers. */
export interface YamlSource {
  readonly document: Document.Parsed;
  /** Returns the line, from 1, of an offset in the text. */
  readonly lineAt: (offset: number) => number;
}

/**
 * Reads untrusted YAML 1.2 without ever following an alias. Checks the depth before composing: the composer recurses
 * for each level, and a stack overflow in it cannot always be caught.
 *
 * @throws {RepositoryConfigError} when the file is too large or too deep, not UTF-8, not YAML, or several documents
 */
export function readYaml(bytes: Uint8Array): YamlSource {
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw wholeFile(`is larger than ${MAX_CONFIG_BYTES / 1024} KiB; make it smaller`);
  }
  const text = textOf(bytes);
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  assertShallow(tokens);
  const composer = new Composer({ version: '1.2', uniqueKeys: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw wholeFile('is not valid YAML');
  const problems = document.errors.slice(0, MAX_PROBLEMS).map((error) => problemOf(error, lineAt));
  if (problems.length > 0) throw new RepositoryConfigError(problems);
  if (second !== undefined) throw wholeFile('must be a single document; remove the --- between documents');
  if (document.directives.yaml.explicit === true) throw wholeFile('must not have a %YAML directive');
  return { document, lineAt };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw wholeFile('must be UTF-8 text');
    throw error;
  }
}

/** Walks level by level, since recursion to an unknown depth could overflow the stack. */
function assertShallow(tokens: readonly CST.Token[]): void {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw wholeFile(`is nested deeper than ${MAX_DEPTH} levels`);
    level = level.flatMap(inside);
  }
}

function inside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((one) => one != null));
}

function problemOf({ message, pos }: YAMLParseError, lineAt: YamlSource['lineAt']): ConfigProblem {
  const oneLine = message.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').slice(0, MAX_MESSAGE_LENGTH);
  return { line: lineAt(pos[0]), path: '', message: `is not valid YAML: ${oneLine.replace(/[.\s]+$/, '')}` };
}

function wholeFile(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: '', message }]);
}
