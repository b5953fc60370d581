import {
  ARGUMENT,
  MAX_ARGUMENT,
  MAX_ARGUMENTS,
  MAX_VARIABLE_VALUE,
  SHELL,
  VARIABLE_VALUE,
  VARIABLE_VALUE_RULE,
} from '@nexos/domain';
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { MAX_PROBLEMS, shownName, type ConfigProblem } from './config-problem.js';
import type { FileSetting } from '../setting.js';
import type { Field, Section } from './file-shape.js';

type KindOf<Kind> = Extract<FileSetting, { kind: Kind }>;
type Variables = KindOf<'variables'>;

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly value: ParsedNode | null;
  /** Of the name. */
  readonly line: number;
}

/** In the place of what was refused. */
const REFUSED = Symbol('refused');
type Refused = typeof REFUSED;
const NO_COMMAND =
  'must be a command: a text, or a list of texts; put in quotes what YAML takes for something else';
const NO_VALUE = 'must be text, a number, true or false; write "" for an empty text';

/** Reads a document as a shape says, and collects what does not fit; what it answers then is not to be used. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];

  /** @param lineAt from 1 on, of an offset in the file */
  constructor(private readonly lineAt: (offset: number) => number) {}

  /** @param line where the field's name is, for what has no place of its own */
  read(node: ParsedNode | null, field: Field, path: string, line = 1): unknown {
    const at = node === null ? line : this.lineAt(node.range[0]);
    const plain = this.plain(node, path, at);
    if (plain === REFUSED) return REFUSED;
    switch (field.kind) {
      case 'section':
        return this.section(plain, field, path, at);
      case 'variables':
        return this.variables(plain, field, path, at);
      case 'command':
        return this.command(plain, path, at);
      default:
        return this.checked(plain, path, at, (value) => problemOf(value, field));
    }
  }

  /** Anchors, aliases and tags are of no use in such a file, and of much use to whoever means harm. */
  private plain(node: ParsedNode | null, path: string, line: number): ParsedNode | null | Refused {
    if (node === null) return null;
    if (isAlias(node)) return this.refuse(line, path, 'must be written out: aliases (*name) are not taken');
    if (node.anchor !== undefined) return this.refuse(line, path, 'must have no anchor (&name)');
    if (node.tag !== undefined) return this.refuse(line, path, 'must have no tag (!name)');
    return node;
  }

  private section(node: ParsedNode | null, { fields }: Section, path: string, line: number): unknown {
    const names = Object.keys(fields).join(', ');
    if (!isMap(node)) return this.refuse(line, path, `must hold fields, of ${names}; or leave it out`);
    const read = this.entries(node, path).map((entry) => {
      const field = Object.hasOwn(fields, entry.name) ? fields[entry.name] : undefined;
      if (field === undefined) {
        return this.refuse(entry.line, entry.path, `is not known here; known are ${names}`);
      }
      return [entry.name, this.read(entry.value, field, entry.path, entry.line)] as const;
    });
    return Object.fromEntries(read.filter((one) => one !== REFUSED));
  }

  private variables(node: ParsedNode | null, field: Variables, path: string, line: number): unknown {
    if (!isMap(node)) return this.refuse(line, path, 'must hold names with values; or leave it out');
    const { length } = node.items;
    if (length > field.atMost) return this.refuse(line, path, `must hold at most ${field.atMost} names`);
    const read = this.entries(node, path).map((entry) => {
      const problem = field.nameProblem(entry.name);
      if (problem !== null) return this.refuse(entry.line, entry.path, `the name ${problem}`);
      return [entry.name, this.variable(entry)] as const;
    });
    return Object.fromEntries(read.filter((one) => one !== REFUSED));
  }

  private variable({ value, path, line }: Entry): unknown {
    const at = value === null ? line : this.lineAt(value.range[0]);
    const plain = this.plain(value, path, at);
    if (plain === REFUSED) return REFUSED;
    const text = isScalar(plain) ? textOf(plain) : undefined;
    if (text === undefined) return this.refuse(at, path, NO_VALUE);
    if (!VARIABLE_VALUE.test(text)) return this.refuse(at, path, VARIABLE_VALUE_RULE);
    return this.within(text, MAX_VARIABLE_VALUE, path, at);
  }

  private command(node: ParsedNode | null, path: string, line: number): unknown {
    if (!isSeq(node)) {
      const text = this.argument(node, path, line, 1);
      return text === REFUSED ? REFUSED : [...SHELL, text];
    }
    const { length } = node.items;
    if (length === 0 || length > MAX_ARGUMENTS) {
      return this.refuse(line, path, `must have 1 to ${MAX_ARGUMENTS} arguments`);
    }
    return (node.items as (ParsedNode | null)[]).map((item, index) => {
      const place = `${path}[${index}]`;
      const at = item === null ? line : this.lineAt(item.range[0]);
      const plain = this.plain(item, place, at);
      return plain === REFUSED ? REFUSED : this.argument(plain, place, at, index === 0 ? 1 : 0);
    });
  }

  private argument(node: ParsedNode | null, path: string, line: number, least: number): string | Refused {
    const text: unknown = isScalar(node) ? node.value : undefined;
    if (typeof text !== 'string') return this.refuse(line, path, NO_COMMAND);
    if (text.length < least) return this.refuse(line, path, 'must not be empty');
    if (!ARGUMENT.test(text)) return this.refuse(line, path, 'must be Unicode text without NUL');
    return this.within(text, MAX_ARGUMENT, path, line);
  }

  private checked(
    node: ParsedNode | null,
    path: string,
    line: number,
    problemWith: (value: unknown) => string | null,
  ): unknown {
    const value: unknown = isScalar(node) ? node.value : undefined;
    const problem = problemWith(value);
    return problem === null ? value : this.refuse(line, path, problem);
  }

  private within(text: string, longest: number, path: string, line: number): string | Refused {
    return hasAtMost(text, longest) ? text : this.refuse(line, path, tooLong(longest));
  }

  /** The names of a mapping with their values; a name that is there twice, or is none, is refused. */
  private entries(map: YAMLMap.Parsed, path: string): Entry[] {
    const seen = new Set<string>();
    return map.items.flatMap(({ key, value }) => {
      const line = this.lineAt(key.range[0]);
      const plain = this.plain(key, path, line);
      if (plain === REFUSED) return [];
      if (!isScalar(plain) || typeof plain.value !== 'string') {
        this.refuse(line, path, 'must have names that are text; put them in quotes');
        return [];
      }
      const name = plain.value;
      const at = path === '' ? shownName(name) : `${path}.${shownName(name)}`;
      if (seen.has(name)) this.refuse(line, at, 'is there twice');
      seen.add(name);
      return [{ name, path: at, value, line }];
    });
  }

  private refuse(line: number, path: string, message: string): Refused {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ line, path, message });
    return REFUSED;
  }
}

function problemOf(value: unknown, field: Exclude<Field, Section | Variables | KindOf<'command'>>) {
  switch (field.kind) {
    case 'boolean':
    case 'service':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'text':
      return textProblem(value, field);
    default:
      return numberProblem(value, field);
  }
}

function textProblem(value: unknown, { pattern, rule, longest }: KindOf<'text'>): string | null {
  if (typeof value !== 'string' || !pattern.test(value)) return rule;
  return hasAtMost(value, longest) ? null : tooLong(longest);
}

function numberProblem(value: unknown, { kind, least, most }: KindOf<'integer' | 'number'>): string | null {
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (fits && (kind === 'number' || Number.isInteger(value))) return null;
  return `must be a ${kind === 'integer' ? 'whole number' : 'number'} from ${least} to ${most}`;
}

/** A number as it was written: the version 1.10 is not 1.1. */
function textOf({ value, source }: Scalar.Parsed): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? source : undefined;
}

/** Characters as JSON Schema counts them: code points. */
function hasAtMost(text: string, longest: number): boolean {
  return text.length <= longest || Array.from(text).length <= longest;
}

function tooLong(longest: number): string {
  return `must have at most ${longest} characters`;
}
