import type { Dialect } from './dialect.js';
import { isGoSpace, trim, trimStart, type WorkBudget } from './go-text.js';
import { expandWords, WordError } from './shell-word.js';

/** One instruction of a Dockerfile, after BuildKit's parser: https://github.com/moby/buildkit/tree/master/frontend/dockerfile/parser */
export interface Instruction {
  /** The number of its first line. */
  readonly line: number;
  /** In lower case. */
  readonly name: string;
  readonly flags: readonly string[];
  readonly args: string;
}

interface Heredoc {
  readonly name: string;
  readonly chomps: boolean;
}

/** What reading or executing an instruction costs at least, in steps of the budget. */
export const STEPS_PER_INSTRUCTION = 200;
const HEREDOC_INSTRUCTIONS = ['add', 'copy', 'run'];
const HEREDOC = {
  all: /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/,
  'without-space': /^\d*<<(-?)([^<]*)$/,
};

/** Splits a Dockerfile into instructions. What BuildKit would reject is read as far as possible. */
export function readInstructions(text: string, dialect: Dialect, budget: WorkBudget): Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const instructions: Instruction[] = [];
  budget.spend(text.length);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const first = trimStart(withoutReturn(lines[index] ?? '', dialect));
    let { text: whole, continues } = continuation(first.startsWith('#') ? '' : first, dialect);
    if (!continues && whole === '') continue;
    const parts = [whole];
    while (continues && index + 1 < lines.length) {
      index += 1;
      const next = withoutReturn(lines[index] ?? '', dialect);
      const stripped = trimStart(next);
      if (stripped === '' || stripped.startsWith('#')) continue;
      ({ text: whole, continues } = continuation(next, dialect));
      parts.push(whole);
    }
    const joined = parts.join('');
    budget.spend(STEPS_PER_INSTRUCTION);
    const instruction = { line, ...splitInstruction(joined, dialect) };
    instructions.push(instruction);
    for (const { name, chomps } of heredocsOf(joined, instruction, dialect, budget)) {
      for (index += 1; index < lines.length; index += 1) {
        const end = (lines[index] ?? '').replace(/\r+$/, '');
        if ((chomps ? end.replace(/^\t+/, '') : end) === name) break;
      }
    }
  }
  return instructions;
}

/** Splits a line into the instruction's name, its flags and the rest. */
export function splitInstruction(line: string, dialect: Dialect): Omit<Instruction, 'line'> {
  const [, name = '', rest = ''] = /^([^\t\v\f\r ]*)(?:[\t\v\f\r ]+([^]*))?$/.exec(trim(line)) ?? [];
  const { flags, args } = splitFlags(rest, dialect.flagEscape);
  return { name: name.toLowerCase(), flags, args: trim(args) };
}

/** Returns the strings of an instruction in JSON form; null when it is not in that form. */
export function jsonStrings(args: string): string[] | null {
  if (!args.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(args);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Splits `name=value` pairs; quotes and escapes remain in the words. */
export function splitWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = '';
  let isQuoted = false;
  let quote = '';
  const end = () => {
    if (isQuoted || word !== '') words.push(word);
    word = '';
    isQuoted = false;
  };
  const characters = Array.from(text);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (quote === '' && isGoSpace(character)) {
      end();
      continue;
    }
    if (quote === '' && (character === "'" || character === '"')) {
      quote = character;
      isQuoted = true;
    } else if (character === quote) {
      quote = '';
    }
    if (character === escape && quote !== "'") {
      const next = characters[index + 1];
      if (next === undefined) continue;
      word += character + next;
      index += 1;
      continue;
    }
    word += character;
  }
  end();
  return words;
}

function withoutReturn(line: string, { oneReturn }: Dialect): string {
  return oneReturn ? line.replace(/\r$/, '') : line.replace(/\r+$/, '');
}

function continuation(line: string, { escape }: Dialect): { text: string; continues: boolean } {
  let end = line.length;
  while (end > 0 && ' \t'.includes(line.charAt(end - 1))) end -= 1;
  const continues = line.charAt(end - 1) === escape && line.charAt(end - 2) !== escape;
  return { text: continues ? line.slice(0, end - 1) : line, continues };
}

/** Splits off the flags. BuildKit does this by byte, and takes bytes inside of a character for white space. */
function splitFlags(line: string, escape: string): { flags: string[]; args: string } {
  if (!trimStart(line).startsWith('--')) return { flags: [], args: line };
  const bytes = new TextEncoder().encode(line);
  const isSpace = (byte: number) => isGoSpace(String.fromCharCode(byte));
  const rest = (start: number) => new TextDecoder().decode(bytes.subarray(start));
  const flags: string[] = [];
  for (let index = 0; index < bytes.length;) {
    if (isSpace(bytes[index] ?? 0)) {
      index += 1;
      continue;
    }
    if (bytes[index] !== 0x2d || bytes[index + 1] !== 0x2d) return { flags, args: rest(index) };
    let flag = '';
    let quote = '';
    for (; index < bytes.length; index += 1) {
      const character = String.fromCharCode(bytes[index] ?? 0);
      if (quote === '' && isGoSpace(character)) break;
      if (quote === '' && (character === "'" || character === '"')) quote = character;
      else if (character === quote) quote = '';
      else if (character !== escape) flag += character;
      else if (index + 1 < bytes.length) flag += String.fromCharCode(bytes[(index += 1)] ?? 0);
    }
    if (flag === '--') return { flags, args: rest(index) };
    flags.push(flag);
  }
  return { flags, args: '' };
}

function heredocsOf(
  line: string,
  instruction: Omit<Instruction, 'line'>,
  dialect: Dialect,
  budget: WorkBudget,
): Heredoc[] {
  if (dialect.heredocs === 'none' || !line.includes('<<')) return [];
  const { name, args } =
    instruction.name === 'onbuild' ? splitInstruction(instruction.args, dialect) : instruction;
  if (!HEREDOC_INSTRUCTIONS.includes(name) || jsonStrings(args) !== null) return [];
  const options = {
    escape: '\\',
    lookup: () => ({ value: undefined, isUnknown: false }),
    budget,
    skipUnset: true,
    rawQuotes: true,
    rawEscapes: true,
  };
  try {
    return expandWords(line, options).flatMap((word) => {
      const [, dash, rest = ''] = HEREDOC[dialect.heredocs as keyof typeof HEREDOC].exec(word) ?? [];
      if (rest === '') return [];
      const [end, ...more] = expandWords(rest, { ...options, rawQuotes: false, rawEscapes: false });
      return end === undefined || more.length > 0 ? [] : [{ name: end, chomps: dash === '-' }];
    });
  } catch (error) {
    if (error instanceof WordError) return [];
    throw error;
  }
}
