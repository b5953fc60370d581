import { Composer, LineCounter, Parser, type CST, type Document, type YAMLParseError } from 'yaml';
import { MAX_PROBLEMS, RepositoryConfigError, type ConfigProblem } from './config-problem.js';

/** Bytes of the file. */
export const MAX_CONFIG_BYTES = 64 * 1024;
/** More levels than any file needs that says nothing but what is known. */
const MAX_DEPTH = 16;
const LONGEST_MESSAGE = 200;

/** The one document of a file, and where its parts are. */
export interface YamlSource {
  readonly document: Document.Parsed;
  /** From 1 on, of an offset in the text. */
  readonly lineAt: (offset: number) => number;
}

/**
 * Reads YAML 1.2 from a stranger, without ever following an alias. Nothing is composed before it is known to be
 * shallow: the composer calls itself for each level, and what it throws when the stack is full cannot always be caught.
 *
 * @throws {RepositoryConfigError} when it is too large or too deep, no UTF-8, no YAML, or more than one document
 */
export function readYaml(bytes: Uint8Array): YamlSource {
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw wholeFile(`has more than ${MAX_CONFIG_BYTES / 1024} KiB; make it smaller`);
  }
  const text = textOf(bytes);
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  assertShallow(tokens);
  const composer = new Composer({ version: '1.2', uniqueKeys: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw wholeFile('is no YAML');
  const problems = document.errors.slice(0, MAX_PROBLEMS).map((error) => problemOf(error, lineAt));
  if (problems.length > 0) throw new RepositoryConfigError(problems);
  if (second !== undefined) throw wholeFile('must be one document; take out the line --- between two');
  if (document.directives.yaml.explicit === true) throw wholeFile('must have no %YAML line');
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

/** Level by level: the depth is what must not be on the stack. */
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
  const oneLine = message.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').slice(0, LONGEST_MESSAGE);
  return { line: lineAt(pos[0]), path: '', message: `is no YAML: ${oneLine.replace(/[.\s]+$/, '')}` };
}

function wholeFile(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: '', message }]);
}
