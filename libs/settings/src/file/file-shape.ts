import { FILE_SETTINGS } from '../all-settings.js';
import type { Documentation, FileSetting } from '../setting.js';
import { SECTIONS } from '../settings-table.js';
import { UNKEPT_FIELDS, type UnkeptField } from './unkept-fields.js';

/** A mapping with these fields and no others. */
export interface Section extends Documentation {
  readonly kind: 'section';
  readonly fields: Readonly<Record<string, Field>>;
}

/** The rules for one place in the file. The parser and the JSON Schema both follow them. */
export type Field = Section | FileSetting | UnkeptField;

/** The whole file, nested as it is written. */
export const FILE_SHAPE: Section = {
  kind: 'section',
  title: 'nexos.yaml',
  description:
    'How Nexos builds and runs this commit. Each field here overrides that setting of the project.',
  fields: fieldsOf([
    ...Object.entries<UnkeptField>(UNKEPT_FIELDS).filter(([path]) => path === 'name'),
    ...FILE_SETTINGS.map(([, setting]) => [setting.file, setting] as const),
    ...Object.entries<UnkeptField>(UNKEPT_FIELDS).filter(([path]) => path !== 'name'),
  ]),
};

/** Returns the name that a field of a section goes by. */
export function nameOf({ fields }: Section, given: string): string {
  const alias = Object.entries(fields).find(([, field]) => aliasOf(field) === given);
  return alias?.[0] ?? given;
}

/** Returns the other name of a field, if it has one. */
export function aliasOf(field: Field): string | undefined {
  return 'alias' in field ? field.alias : undefined;
}

/** Returns whether the file may ask for what the field stands for. */
export function isOffered(field: Field): boolean {
  if (field.kind === 'section') return Object.values(field.fields).some(isOffered);
  return field.kind !== 'unoffered' && field.kind !== 'unoffered-service';
}

/** Returns the fields of a section that messages name: all of them if none is offered, since the file may have them. */
export function knownFields(section: Section): [name: string, field: Field][] {
  return Object.entries(section.fields).filter(([, field]) => isOffered(field) || !isOffered(section));
}

/** Returns the paths of all fields that the file may use, under each of their names, with those of sections. */
export function offeredPaths({ fields }: Section, parent = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!isOffered(field)) return [];
    const names = [name, aliasOf(field)].filter((one) => one !== undefined);
    const inner = field.kind === 'section' ? offeredPaths(field, `${parent}${name}.`) : [];
    return [...names.map((one) => `${parent}${one}`), ...inner];
  });
}

/** Returns the fields in the given order; a section takes the place of its first field. */
function fieldsOf(all: readonly (readonly [path: string, field: FileSetting | UnkeptField])[]) {
  const fields: Record<string, Field> = {};
  for (const [path, field] of all) {
    const [first = '', name] = path.split('.');
    if (name === undefined) fields[first] = field;
    else fields[first] = withField(fields[first] as Section | undefined, first, name, field);
  }
  return fields;
}

function withField(section: Section | undefined, title: string, name: string, field: Field): Section {
  const documentation = SECTIONS[title as keyof typeof SECTIONS];
  return { kind: 'section', ...documentation, fields: { ...section?.fields, [name]: field } };
}
