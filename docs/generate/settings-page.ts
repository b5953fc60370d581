import { MAX_CONFIG_BYTES } from '@nexos/settings';
import type { Setting } from '../../libs/settings/src/setting.js';
import { SECTIONS, SETTINGS } from '../../libs/settings/src/settings-table.js';
import { block, code, defaultText, page, table } from './markdown.js';
import { count } from './schema-text.js';

const INTRODUCTION = `A project's settings are fields of \`POST /projects\` and \`PATCH /projects/{id}\`. A file \`nexos.yaml\` at the root of the
repository may set most of them for its commit; each field in the file overrides that setting of the project.
[The guide](../guides/configuration.md) explains how to use it. The same rules are served as a JSON Schema at
\`GET /api/nexos.schema.json\`. The file may have at most ${count(MAX_CONFIG_BYTES / 1024)} KiB.`;

/** Returns `nexos-yaml.md`, from the table of settings. */
export function settingsPage(): string {
  const all = Object.entries<Setting>(SETTINGS);
  const inFile = all.filter(([, { file }]) => file !== undefined);
  const ofProject = all.filter(([, { file }]) => file === undefined);
  return page(
    'Settings and nexos.yaml',
    INTRODUCTION,
    '## Settings that `nexos.yaml` may have',
    table(
      ['in `nexos.yaml`', 'of the project', 'type', 'default', 'description'],
      inFile.map(([name, setting]) => [
        code(setting.file ?? ''),
        setting.project === true ? code(name) : '–',
        typeOf(setting),
        defaultOf(setting),
        setting.description,
      ]),
    ),
    '## Settings that only the project has',
    table(
      ['of the project', 'type', 'default', 'description'],
      ofProject.map(([name, setting]) => [
        code(name),
        typeOf(setting),
        defaultOf(setting),
        setting.description,
      ]),
    ),
    '## Sections',
    table(
      ['section', 'description'],
      Object.entries(SECTIONS).map(([name, { description }]) => [code(name), description]),
    ),
    '## Examples of values',
    block('yaml', examples(inFile)),
  );
}

function defaultOf(setting: Setting): string {
  return defaultText(setting.default);
}

function typeOf(setting: Setting): string {
  const orNull = 'nullable' in setting ? ', or null' : '';
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return `${setting.kind}, ${count(setting.least)} to ${count(setting.most)}${orNull}`;
    case 'boolean':
    case 'service':
      return 'true or false';
    case 'text':
      return `${setting.rule.replace(/^must be /, '')}; at most ${setting.longest} characters`;
    case 'variables':
      return `map of at most ${setting.atMost} names to values`;
    case 'command':
      return 'a string for `/bin/sh -c`, or a list of arguments';
    case 'globs':
      return `list of at most ${setting.atMost} branch globs`;
  }
}

/** YAML that sets each field to its first example. */
function examples(settings: readonly (readonly [string, Setting])[]): string {
  const sections = new Map<string, string[]>();
  for (const [, { file = '', examples: values = [] }] of settings) {
    const [section = '', name] = file.split('.');
    const value = JSON.stringify(values[0]);
    sections.set(section, [
      ...(sections.get(section) ?? []),
      name === undefined ? value : `${name}: ${value}`,
    ]);
  }
  return [...sections]
    .map(([section, lines]) =>
      section in SECTIONS ? `${section}:\n  ${lines.join('\n  ')}` : `${section}: ${lines.join('')}`,
    )
    .join('\n');
}
