import { SHELL, type ServiceKind } from '@nexos/domain';
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import { type ServiceOffer, versionProblem } from '../service-offer.js';
import type { FileSetting } from '../setting.js';
import {
  argumentCountProblem,
  argumentProblem,
  COMMAND_RULE,
  SCALAR_RULE,
  scalarProblem,
  variableCountProblem,
  variableValueProblem,
} from '../value-problem.js';
import { SERVICE_STORAGE, SERVICE_VERSION } from '../setting-rules.js';
import { closestField } from './closest-field.js';
import { isLeftOut } from './left-out.js';
import { type Entry, readContainers, REFUSED, type Refused, textOf } from './containers-reader.js';
import { readPathGlobs } from './path-globs-reader.js';
import { MAX_PROBLEMS, displayName, type ConfigProblem } from './config-problem.js';
import {
  aliasOf,
  type Field,
  FILE_SHAPE,
  isOffered,
  knownFields,
  nameOf,
  offeredPaths,
  type Section,
} from './file-shape.js';

type KindOf<Kind> = Extract<Field, { kind: Kind }>;
type Variables = Extract<FileSetting, { kind: 'variables' }>;

const QUOTE = 'quote what YAML reads as another type';
const VALUE_RULE = `${SCALAR_RULE}; write "" for an empty string`;
const SERVICE_RULE = 'must be true, false, or a mapping of enabled, version and storageMb';

/** Reads a document against a shape and collects the problems; with any problem, the result must not be used. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];
  private readonly source = {
    lineAt: (offset: number) => this.lineAt(offset),
    plain: this.plain.bind(this),
    entries: this.entries.bind(this),
    refuse: this.refuse.bind(this),
  };

  /** @param lineAt returns the line, from 1, of an offset in the file */
  constructor(
    private readonly lineAt: (offset: number) => number,
    private readonly offer: ServiceOffer,
  ) {}

  /** @param line line of the field's name, used for an empty value, which has no line of its own */
  read(node: ParsedNode | null, field: Field, path: string, line = 1): unknown {
    const at = node === null ? line : this.lineAt(node.range[0]);
    const plain = this.plain(node, path, at);
    if (plain === REFUSED) return REFUSED;
    if (isLeftOut(plain, field)) return undefined;
    switch (field.kind) {
      case 'section':
        return this.section(plain, field, path, at);
      case 'variables':
        return this.variables(plain, field, path, at);
      case 'command':
        return this.command(plain, path, at);
      case 'path-globs':
        return readPathGlobs(plain, field, { path, line: at }, this.source);
      case 'containers':
        return readContainers(plain, path, at, this.source);
      case 'service':
        return this.service(plain, field.file, path, at);
      case 'unoffered-service':
        return this.unofferedService(plain, field, path, at);
      case 'unoffered':
        return this.unoffered(plain, field, path, at);
      default:
        return this.checked(plain, path, at, (value) => scalarProblem(field, value));
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

  private section(node: ParsedNode | null, section: Section, path: string, line: number): unknown {
    const { fields } = section;
    if (!isMap(node)) {
      const names = knownFields(section)
        .map(([name]) => name)
        .join(', ');
      return this.refuse(line, path, `must be a mapping of these fields, or left out: ${names}`);
    }
    const entries = this.entries(node, path);
    const read = entries.map((entry): readonly [string, unknown] | Refused => {
      const name = nameOf(section, entry.name);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) return this.unknown(entry, path, section);
      if (name !== entry.name && entries.some((other) => other.name === name)) {
        return this.refuse(entry.line, entry.path, `is another name of ${name}; keep one of the two`);
      }
      return [name, this.read(entry.value, field, entry.path, entry.line)] as const;
    });
    return Object.fromEntries(
      read.filter((one): one is readonly [string, unknown] => one !== REFUSED && one[1] !== undefined),
    );
  }

  private unknown({ name, path, line }: Entry, parent: string, section: Section): Refused {
    // A hostile file may have thousands of unknown fields.
    if (this.problems.length >= MAX_PROBLEMS) return REFUSED;
    const fields = knownFields(section);
    const known = fields.map(([one, field]) =>
      [one, aliasOf(field)].filter((text) => text !== undefined).join(' or '),
    );
    const own = isOffered(section) ? [] : fields.map(([one]) => `${parent}.${one}`);
    const closest = closestField(parent, name, [...offeredPaths(FILE_SHAPE), ...own]);
    const hint = closest === null ? '' : `did you mean ${closest}? `;
    return this.refuse(line, path, `is not a known field; ${hint}known fields: ${known.join(', ')}`);
  }

  private service(node: ParsedNode | null, file: string, path: string, line: number): unknown {
    const read = this.serviceOptions(node, path, line);
    if (typeof read !== 'object') return read;
    const { value, versionLine } = read;
    const { enabled, version } = value;
    if (enabled === false || version === undefined) return value;
    const kind = file.slice(file.lastIndexOf('.') + 1) as ServiceKind;
    const problem = versionProblem(this.offer[kind], version);
    return problem === null ? value : this.refuse(versionLine, `${path}.version`, problem);
  }

  private unofferedService(
    node: ParsedNode | null,
    { message }: KindOf<'unoffered-service'>,
    path: string,
    line: number,
  ): unknown {
    const read = this.serviceOptions(node, path, line);
    if (read === REFUSED) return REFUSED;
    const isWanted = typeof read === 'object' ? read.value.enabled !== false : read;
    return isWanted ? this.refuse(line, path, message) : undefined;
  }

  private unoffered(
    node: ParsedNode | null,
    { harmless, message }: KindOf<'unoffered'>,
    path: string,
    line: number,
  ): unknown {
    const isHarmless = isScalar(node) && harmless.some((one) => one === node.value);
    return isHarmless ? undefined : this.refuse(line, path, message);
  }

  /** Returns a boolean as it is, and a mapping in the form that the API has. */
  private serviceOptions(node: ParsedNode | null, path: string, line: number) {
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    if (!isMap(node)) return this.refuse(line, path, SERVICE_RULE);
    const value: { enabled?: boolean; version?: string; storage_mb?: number } = {};
    let versionLine = line;
    let isValid = true;
    for (const entry of this.entries(node, path)) {
      const at = entry.value === null ? entry.line : this.lineAt(entry.value.range[0]);
      const plain = this.plain(entry.value, entry.path, at);
      let option: unknown = plain;
      if (plain !== REFUSED) {
        option = this.serviceOption(plain, entry, path, at);
        if (entry.name === 'version') versionLine = at;
      }
      if (option === REFUSED) isValid = false;
      else Object.assign(value, { [entry.name === 'storageMb' ? 'storage_mb' : entry.name]: option });
    }
    return isValid ? { value, versionLine } : REFUSED;
  }

  private serviceOption(node: ParsedNode | null, entry: Entry, section: string, line: number): unknown {
    const { name, path } = entry;
    switch (name) {
      case 'enabled':
        return this.checked(node, path, line, (value) => scalarProblem({ kind: 'boolean' }, value));
      case 'storageMb':
        return this.checked(node, path, line, (value) => scalarProblem(SERVICE_STORAGE, value));
      case 'version': {
        if (isScalar(node) && typeof node.value === 'number') return this.versionNumber(node, path, line);
        return this.checked(node, path, line, (value) => scalarProblem(SERVICE_VERSION, value));
      }
      default: {
        const known = ['enabled', 'version', 'storageMb'];
        const closest = closestField(
          section,
          name,
          known.map((one) => `${section}.${one}`),
        );
        const hint = closest === null ? '' : `did you mean ${closest}? `;
        return this.refuse(
          entry.line,
          path,
          `is not a known field; ${hint}known fields: ${known.join(', ')}`,
        );
      }
    }
  }

  /** Rejects a number that YAML tools read differently from how it is written: version 1.10 is not 1.1. */
  private versionNumber(node: Scalar.Parsed, path: string, line: number): string | Refused {
    const text = textOf(node) ?? '';
    if (text === '' || String(node.value) === text) return text;
    return this.refuse(line, path, `must be quoted, since YAML reads a number: write "${text}"`);
  }

  private variables(node: ParsedNode | null, field: Variables, path: string, line: number): unknown {
    if (!isMap(node)) return this.refuse(line, path, 'must be a mapping of names to values, or left out');
    const count = variableCountProblem(field, node.items.length);
    if (count !== null) return this.refuse(line, path, count);
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
    const problem = variableValueProblem(text);
    return problem === null ? text : this.refuse(at, path, problem);
  }

  private command(node: ParsedNode | null, path: string, line: number): unknown {
    if (!isSeq(node)) {
      const text = this.argument(node, path, line, 1);
      return text === REFUSED ? REFUSED : [...SHELL, text];
    }
    const count = argumentCountProblem(node.items.length);
    if (count !== null) return this.refuse(line, path, count);
    return (node.items as (ParsedNode | null)[]).map((item, index) => {
      const place = `${path}[${index}]`;
      const at = item === null ? line : this.lineAt(item.range[0]);
      const plain = this.plain(item, place, at);
      return plain === REFUSED ? REFUSED : this.argument(plain, place, at, index === 0 ? 1 : 0);
    });
  }

  private argument(node: ParsedNode | null, path: string, line: number, least: number): string | Refused {
    const text: unknown = isScalar(node) ? node.value : undefined;
    if (typeof text !== 'string') return this.refuse(line, path, `${COMMAND_RULE}; ${QUOTE}`);
    const problem = argumentProblem(text, least);
    return problem === null ? text : this.refuse(line, path, problem);
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
