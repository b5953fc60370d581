import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_SETTINGS, FILE_SETTINGS, PROJECT_SETTINGS } from './all-settings.js';
import { deploymentSettings } from './deployment-settings.js';
import { parseRepositoryConfig } from './file/parse-repository-config.js';
import { mergeSettings } from './merge-settings.js';
import { valueAt, withValues } from './paths.js';
import { changedSettings, initialSettings, projectSettings } from './project-settings.js';
import { userValue, type Setting, storedValue } from './setting.js';
import { SETTINGS } from './settings-table.js';
import type { RepositoryConfig, SettingsChange } from './settings-types.js';

const ALL = Object.entries<Setting>(SETTINGS);

/** Parses a file with a single value. */
function parsed(path: string, value: unknown): RepositoryConfig {
  return parseRepositoryConfig(new TextEncoder().encode(JSON.stringify(withValues({}, [[path, value]]))));
}

/** Returns a value other than the default. */
function another({ kind, default: initial, examples = [] }: Setting): unknown {
  return kind === 'service' || kind === 'boolean'
    ? initial !== true
    : examples.find((one) => one !== initial);
}

describe('the settings table', () => {
  it.each(ALL)('gives %s a valid API name, a title and a description', (name, setting) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/);
    expect(setting.title).toMatch(/^[A-Z]/);
    expect(setting.description).toMatch(/^[A-Z].*\.$/);
    expect(another(setting), 'an example that is not the default').toBeDefined();
  });

  it('gives every setting a source and a place where it is stored', () => {
    const [given, kept] = [
      [...PROJECT_SETTINGS, ...FILE_SETTINGS],
      [...DEPLOYMENT_SETTINGS, ...PROJECT_SETTINGS.filter(([, setting]) => 'column' in setting)],
    ].map((settings) => new Set<string>(settings.map(([name]) => name)));
    expect([given, kept]).toEqual([new Set(Object.keys(SETTINGS)), new Set(Object.keys(SETTINGS))]);
  });

  it('uses each name in nexos.yaml once', () => {
    const names = FILE_SETTINGS.map(([, { file }]) => file);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a setting in nexos.yaml', () => {
  it.each(FILE_SETTINGS)('overrides the project and the default: %s', (name, setting) => {
    const config = parsed(setting.file, another(setting));
    const given = valueAt(config, setting.file);
    expect(given).toBeDefined();
    const merged = mergeSettings(deploymentSettings({}), config);
    expect(valueAt(merged, name)).toEqual(storedValue(setting, given));
    expect(merged).toEqual(withValues(deploymentSettings({}), [[name, storedValue(setting, given)]]));
  });

  it.each(FILE_SETTINGS.filter(([, setting]) => 'least' in setting))(
    'accepts its bounds and nothing beyond them: %s',
    (_, setting) => {
      if (!('least' in setting)) throw new Error(`${setting.file} has no bounds`);
      const { file, least, most } = setting;
      for (const value of [least, most]) expect(valueAt(parsed(file, value), file)).toBe(value);
      for (const value of [least - 1, most + 1]) expect(() => parsed(file, value)).toThrow(file);
    },
  );

  it.each(FILE_SETTINGS.filter(([, setting]) => setting.default !== null))(
    'accepts its default: %s',
    (_, setting) => {
      const value = userValue(setting, setting.default);
      expect(valueAt(parsed(setting.file, value), setting.file)).toEqual(value);
    },
  );

  it.each(ALL.filter(([, { file }]) => file === undefined))(
    'is unknown if the file cannot have it: %s',
    (name, setting) => {
      for (const path of [name, `app.${name}`, `build.${name}`]) {
        expect(() => parsed(path, another(setting))).toThrow('is not a known field');
      }
    },
  );
});

describe('a setting of a project', () => {
  it.each(PROJECT_SETTINGS)('has its default until it is set: %s', (name, setting) => {
    const before = initialSettings();
    expect(valueAt(projectSettings(before), name)).toEqual(userValue(setting, setting.default));
    const value = another(setting);
    const change = withValues({}, [[name, value]]) as SettingsChange;
    const after = { ...before, ...changedSettings(before, change) };
    const shown = userValue(setting, storedValue(setting, value));
    expect(projectSettings(after)).toEqual(withValues(projectSettings(before) as never, [[name, shown]]));
    if ('column' in setting) expect(after.settings).toEqual({});
    else expect(after.settings).toEqual(withValues({}, [[name, storedValue(setting, value)]]));
  });

  it.each(DEPLOYMENT_SETTINGS)('carries over to the deployments of the project: %s', (name, setting) => {
    const stored = storedValue(setting, another(setting));
    expect(deploymentSettings(withValues({}, [[name, stored]]))).toEqual(
      withValues(deploymentSettings({}) as never, [[name, stored]]),
    );
  });
});
