import { isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { EMPTY_IN_FILE } from '../containers/container-fields.js';
import { containersProblems } from '../containers/containers-problems.js';
import type { GivenContainer } from '../containers/container-values.js';
import { placeOf } from '../value-problem.js';

/** Stands in for a rejected value. */
export const REFUSED = Symbol('refused');
export type Refused = typeof REFUSED;

export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly value: ParsedNode | null;
  /** Line of the name. */
  readonly line: number;
}

/** How a file is read, and problems are collected. */
export interface FileSource {
  readonly lineAt: (offset: number) => number;
  readonly plain: (node: ParsedNode | null, path: string, line: number) => ParsedNode | null | Refused;
  readonly entries: (map: YAMLMap.Parsed, path: string) => Entry[];
  readonly refuse: (line: number, path: string, message: string) => Refused;
}

type Path = readonly (string | number)[];

/** Where a value is in the file. */
interface Place {
  readonly path: Path;
  readonly text: string;
  readonly line: number;
}

/** Reads containers, in the form that the API has. False asks for none. */
export function readContainers(
  node: ParsedNode | null,
  path: string,
  line: number,
  source: FileSource,
): readonly GivenContainer[] | Refused {
  if (isScalar(node) && node.value === false) return [];
  const reader = new ContainersReader(source);
  const value = reader.read(node, { path: [], text: path, line });
  if (value === REFUSED) return REFUSED;
  const problems = containersProblems(value);
  for (const problem of problems) {
    source.refuse(reader.lineOf(problem.path), `${path}${placeOf(problem.path)}`, problem.message);
  }
  return problems.length > 0 ? REFUSED : (value as readonly GivenContainer[]);
}

class ContainersReader {
  private readonly lines = new Map<string, number>();

  constructor(private readonly source: FileSource) {}

  /** Returns the line of the closest place that the file has. */
  lineOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return this.lines.get('[]') ?? 1;
  }

  /** Returns lists, objects and scalars as they are. Variables keep numbers as they are written. */
  read(node: ParsedNode | null, place: Place): unknown {
    const line = node === null ? place.line : this.source.lineAt(node.range[0]);
    this.lines.set(JSON.stringify(place.path), line);
    const plain = this.source.plain(node, place.text, line);
    if (plain === REFUSED) return REFUSED;
    if (isSeq(plain)) return this.list(plain, { ...place, line });
    if (isMap(plain)) return this.object(plain, place);
    if (!isScalar(plain)) return null;
    return place.path.at(-2) === 'env' ? (textOf(plain) ?? null) : plain.value;
  }

  private list(node: YAMLSeq.Parsed, { path, text, line }: Place): unknown {
    const items = node.items as (ParsedNode | null)[];
    const read = items.map((item, at) =>
      this.read(item, { path: [...path, at], text: `${text}[${at}]`, line }),
    );
    return read.includes(REFUSED) ? REFUSED : read;
  }

  private object(node: YAMLMap.Parsed, { path, text }: Place): unknown {
    const entries = this.source.entries(node, text);
    const isComplete = entries.length === node.items.length;
    const read = entries.map(
      ({ name, path: at, value, line }) =>
        [name, this.read(value, { path: [...path, name], text: at, line })] as const,
    );
    if (!isComplete || read.some(([, value]) => value === REFUSED)) return REFUSED;
    const isContainer = path.length === 1;
    const isEmpty = (name: string, value: unknown) => value === null && EMPTY_IN_FILE.includes(name);
    return Object.fromEntries(read.filter(([name, value]) => !isContainer || !isEmpty(name, value)));
  }
}

/** Returns a scalar as text, and a number as written: version 1.10 is not 1.1. */
export function textOf({ value, source }: Scalar.Parsed): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? source : undefined;
}
