import { FILE_SETTINGS } from '../all-settings.js';
import type { FileSetting, Words } from '../setting.js';
import { SECTIONS } from '../settings-table.js';

/** Fields by their names, and no others. */
export interface Section extends Words {
  readonly kind: 'section';
  readonly fields: Readonly<Record<string, Field>>;
}

/** What may be said at one place of the file: the parser and the JSON Schema both follow it. */
export type Field = Section | FileSetting;

/** All that the file may say, as it is nested. */
export const FILE_SHAPE: Section = {
  kind: 'section',
  title: 'nexos.yaml',
  description:
    'How Nexos builds and runs this commit. What is said here wins over the settings of the project, field by field.',
  fields: fieldsOf(FILE_SETTINGS.map(([, setting]) => setting)),
};

/** In the order of the table; a section stands where its first setting does. */
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
  const words = SECTIONS[title as keyof typeof SECTIONS];
  return { kind: 'section', ...words, fields: { ...section?.fields, [name]: field } };
}
