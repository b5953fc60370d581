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
import { MAX_PROBLEMS, displayName, type ConfigProblem } from './config-problem.js';
import type { FileSetting } from '../setting.js';
import type { Field, Section } from './file-shape.js';

type KindOf<Kind> = Extract<FileSetting, { kind: Kind }>;
type Variables = KindOf<'variables'>;

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly value: ParsedNode | null;
  /** Line of the name. */
  readonly line: number;
}

/** Stands in for a rejected value. */
const REFUSED = Symbol('refused');
type Refused = typeof REFUSED;
const COMMAND_RULE =
  'must be a command: a string, or a list of strings; quote what YAML reads as another type';
const VALUE_RULE = 'must be a string, a number, true or false; write "" for an empty string';

/** Reads a document against a shape and collects the problems; with any problem, the result must not be used. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];

  /** @param lineAt returns the line, from 1, of an offset in the file */
  constructor(private readonly lineAt: (offset: number) => number) {}

  /** @param line line of the field's name, used for an empty value, which has no line of its own */
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

  /** Rejects anchors, aliases and tags: the file does not need them, and attackers exploit them. */
  private plain(node: ParsedNode | null, path: string, line: number): ParsedNode | null | Refused {
    if (node === null) return null;
    if (isAlias(node))
      return this.refuse(line, path, 'must be written out: aliases (*name) are not supported');
    if (node.anchor !== undefined) return this.refuse(line, path, 'must have no anchor (&name)');
    if (node.tag !== undefined) return this.refuse(line, path, 'must have no tag (!name)');
    return node;
  }

  private section(node: ParsedNode | null, { fields }: Section, path: string, line: number): unknown {
    const names = Object.keys(fields).join(', ');
    if (!isMap(node))
      return this.refuse(line, path, `must be a mapping of these fields, or left out: ${names}`);
    const read = this.entries(node, path).map((entry) => {
      const field = Object.hasOwn(fields, entry.name) ? fields[entry.name] : undefined;
      if (field === undefined) {
        return this.refuse(entry.line, entry.path, `is not a known field; known fields: ${names}`);
      }
      return [entry.name, this.read(entry.value, field, entry.path, entry.line)] as const;
    });
    return Object.fromEntries(read.filter((one) => one !== REFUSED));
  }

  private variables(node: ParsedNode | null, field: Variables, path: string, line: number): unknown {
    if (!isMap(node)) return this.refuse(line, path, 'must be a mapping of names to values, or left out');
    const { length } = node.items;
    if (length > field.atMost) return this.refuse(line, path, `must have at most ${field.atMost} names`);
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
    if (text === undefined) return this.refuse(at, path, VALUE_RULE);
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
    if (typeof text !== 'string') return this.refuse(line, path, COMMAND_RULE);
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

  /** Returns the names of a mapping with their values. Reports names that are duplicates or not strings. */
  private entries(map: YAMLMap.Parsed, path: string): Entry[] {
    const seen = new Set<string>();
    return map.items.flatMap(({ key, value }) => {
      const line = this.lineAt(key.range[0]);
      const plain = this.plain(key, path, line);
      if (plain === REFUSED) return [];
      if (!isScalar(plain) || typeof plain.value !== 'string') {
        this.refuse(line, path, 'must have names that are strings; put them in quotes');
        return [];
      }
      const name = plain.value;
      const at = path === '' ? displayName(name) : `${path}.${displayName(name)}`;
      if (seen.has(name)) this.refuse(line, at, 'is defined twice');
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

/** Returns a number as written: version 1.10 is not 1.1. */
function textOf({ value, source }: Scalar.Parsed): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? source : undefined;
}

/** Counts characters as JSON Schema does: in code points. */
function hasAtMost(text: string, longest: number): boolean {
  return text.length <= longest || Array.from(text).length <= longest;
}

function tooLong(longest: number): string {
  return `must have at most ${longest} characters`;
}
