import { FILE_SETTINGS } from '../all-settings.js';
import type { Documentation, FileSetting } from '../setting.js';
import { SECTIONS } from '../settings-table.js';

/** A mapping with these fields and no others. */
export interface Section extends Documentation {
  readonly kind: 'section';
  readonly fields: Readonly<Record<string, Field>>;
}

/** The rules for one place in the file. The parser and the JSON Schema both follow them. */
export type Field = Section | FileSetting;

/** The whole file, nested as it is written. */
export const FILE_SHAPE: Section = {
  kind: 'section',
  title: 'nexos.yaml',
  description:
    'How Nexos builds and runs this commit. Each field here overrides that setting of the project.',
  fields: fieldsOf(FILE_SETTINGS.map(([, setting]) => setting)),
};

/** Returns the fields in the order of the table; a section takes the place of its first setting. */
function fieldsOf(settings: readonly FileSetting[]): Record<string, Field> {
  const fields: Record<string, Field> = {};
  for (const setting of settings) {
    const [first = '', name] = setting.file.split('.');
    if (name === undefined) fields[first] = setting;
    else fields[first] = withField(fields[first] as Section | undefined, first, name, setting);
  }
  return fields;
}

function withField(section: Section | undefined, title: string, name: string, field: FileSetting): Section {
  const documentation = SECTIONS[title as keyof typeof SECTIONS];
  return { kind: 'section', ...documentation, fields: { ...section?.fields, [name]: field } };
}
