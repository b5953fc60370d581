import { MAX_CONTAINERS, RESERVED_CONTAINERS } from '@nexos/domain';
import { CONTAINER_FIELDS, MAX_CONFIG_BYTES } from '@nexos/settings';
import { UNKEPT_FIELDS } from '../../libs/settings/src/file/unkept-fields.js';
import type { Documentation, FileRules, Setting } from '../../libs/settings/src/setting.js';
import { SECTIONS, SETTINGS } from '../../libs/settings/src/settings-table.js';
import { block, code, defaultText, page, table } from './markdown.js';
import { count } from './schema-text.js';

const INTRODUCTION = `A project's settings are fields of \`POST /projects\` and \`PATCH /projects/{id}\`. A file \`nexos.yaml\` at the root of the
repository may set most of them for its commit; each field in the file overrides that setting of the project.
\`PUT /projects/{id}/config\` takes the same file as the project's settings.
[The guide](../guides/configuration.md) explains how to use it. The same rules are served as a JSON Schema at
\`GET /api/nexos.schema.json\`. The file may have at most ${count(MAX_CONFIG_BYTES / 1024)} KiB.`;

const CONTAINERS = `Each entry of \`containers\` has these fields; all but \`name\` are optional. Reserved names: ${RESERVED_CONTAINERS.map(code).join(', ')}.
[The guide](../guides/containers.md) explains them.`;

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
        namesInFile(setting),
        code(name),
        `${typeOf(setting)}${isNullable(setting) ? '; in the API also null' : ''}`,
        defaultOf(setting),
        setting.description,
      ]),
    ),
    '## Containers',
    CONTAINERS,
    table(
      ['field', 'type', 'description'],
      Object.entries(CONTAINER_FIELDS).map(([name, field]) => [
        code(name),
        field.kind === 'names' ? 'list of names of containers' : typeOf(field),
        field.description,
      ]),
    ),
    '## Settings that only the project has',
    table(
      ['of the project', 'type', 'default', 'description'],
      ofProject.map(([name, setting]) => [
        code(name),
        `${typeOf(setting)}${isNullable(setting) ? ', or null' : ''}`,
        defaultOf(setting),
        setting.description,
      ]),
    ),
    '## Other fields of `nexos.yaml`',
    table(
      ['field', 'description'],
      Object.entries<Documentation>(UNKEPT_FIELDS).map(([path, { description }]) => [
        code(path),
        description,
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

function namesInFile({ file = '', ...setting }: Setting): string {
  const alias = 'alias' in setting ? setting.alias : undefined;
  return alias === undefined ? code(file) : `${code(file)} or ${code(alias)}`;
}

function defaultOf(setting: Setting): string {
  return defaultText(setting.default);
}

/** Returns whether the API accepts null; the file never does. */
function isNullable(setting: Setting): boolean {
  return setting.nullable === true;
}

/** Returns the type of a setting's values, without null. */
function typeOf(setting: FileRules | Extract<Setting, { kind: 'globs' }>): string {
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return `${setting.kind}, ${count(setting.least)} to ${count(setting.most)}`;
    case 'boolean':
      return 'true or false';
    case 'service':
      return 'true, false, or a map: `enabled`, `version`, `storageMb` in MiB (in the API `storage_mb`)';
    case 'text':
      if (setting.choices !== undefined) return setting.choices.map(code).join(' or ');
      return `${setting.rule.replace(/^must be /, '')}; at most ${setting.longest} characters`;
    case 'variables':
      return `map of at most ${setting.atMost} names to values`;
    case 'command':
      return 'a string for `/bin/sh -c`, or a list of arguments';
    case 'containers':
      return `list of at most ${MAX_CONTAINERS} [containers](#containers)`;
    case 'path-globs':
      return `list of at most ${setting.atMost} path globs`;
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
