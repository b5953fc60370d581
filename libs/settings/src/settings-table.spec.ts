import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_SETTINGS, FILE_SETTINGS, PROJECT_SETTINGS } from './all-settings.js';
import { deploymentSettings } from './deployment-settings.js';
import { parseRepositoryConfig } from './file/parse-repository-config.js';
import { mergeSettings } from './merge-settings.js';
import { valueAt, withValues } from './paths.js';
import { changedSettings, initialSettings, projectSettings } from './project-settings.js';
import { givenValue, type Setting, storedValue } from './setting.js';
import { SETTINGS } from './settings-table.js';
import type { RepositoryConfig, SettingsChange } from './settings-types.js';

const ALL = Object.entries<Setting>(SETTINGS);

/** What the parser makes of a file with one value. */
function parsed(path: string, value: unknown): RepositoryConfig {
  return parseRepositoryConfig(new TextEncoder().encode(JSON.stringify(withValues({}, [[path, value]]))));
}

/** Something else than its default. */
function another({ kind, default: initial, examples = [] }: Setting): unknown {
  return kind === 'service' || kind === 'boolean'
    ? initial !== true
    : examples.find((one) => one !== initial);
}

describe('every setting', () => {
  it.each(ALL)('%s has a name that the API can have, and words for people', (name, setting) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/);
    expect(setting.title).toMatch(/^[A-Z]/);
    expect(setting.description).toMatch(/^[A-Z].*\.$/);
    expect(another(setting), 'an example that is not the default').toBeDefined();
  });

  it('has a place that gives it, and one that keeps it', () => {
    const [given, kept] = [
      [...PROJECT_SETTINGS, ...FILE_SETTINGS],
      [...DEPLOYMENT_SETTINGS, ...PROJECT_SETTINGS.filter(([, setting]) => 'column' in setting)],
    ].map((settings) => new Set<string>(settings.map(([name]) => name)));
    expect([given, kept]).toEqual([new Set(Object.keys(SETTINGS)), new Set(Object.keys(SETTINGS))]);
  });

  it('is the only one of its name in nexos.yaml', () => {
    const names = FILE_SETTINGS.map(([, { file }]) => file);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a setting of nexos.yaml', () => {
  it.each(FILE_SETTINGS)('%s wins over what the project, or the default, says', (name, setting) => {
    const config = parsed(setting.file, another(setting));
    const given = valueAt(config, setting.file);
    expect(given).toBeDefined();
    const merged = mergeSettings(deploymentSettings({}), config);
    expect(valueAt(merged, name)).toEqual(storedValue(setting, given));
    expect(merged).toEqual(withValues(deploymentSettings({}), [[name, storedValue(setting, given)]]));
  });

  it.each(FILE_SETTINGS.filter(([, setting]) => 'least' in setting))(
    '%s may be the least and the most, and nothing beyond',
    (_, setting) => {
      if (!('least' in setting)) throw new Error(`${setting.file} has no bounds`);
      const { file, least, most } = setting;
      for (const value of [least, most]) expect(valueAt(parsed(file, value), file)).toBe(value);
      for (const value of [least - 1, most + 1]) expect(() => parsed(file, value)).toThrow(file);
    },
  );

  it.each(FILE_SETTINGS.filter(([, { project }]) => project))('%s may be its default', (_, setting) => {
    const value = givenValue(setting, setting.default);
    expect(valueAt(parsed(setting.file, value), setting.file)).toEqual(value);
  });

  it.each(ALL.filter(([, { file }]) => file === undefined))('%s is not one', (name, setting) => {
    for (const path of [name, `app.${name}`, `build.${name}`]) {
      expect(() => parsed(path, another(setting))).toThrow('is not known here');
    }
  });
});

describe('a setting of a project', () => {
  it.each(PROJECT_SETTINGS)('%s is its default until it is set, and then what was set', (name, setting) => {
    const before = initialSettings();
    expect(valueAt(projectSettings(before), name)).toEqual(givenValue(setting, setting.default));
    const value = another(setting);
    const change = withValues({}, [[name, value]]) as SettingsChange;
    const after = { ...before, ...changedSettings(before, change) };
    expect(projectSettings(after)).toEqual(withValues(projectSettings(before) as never, [[name, value]]));
    if ('column' in setting) expect(after.settings).toEqual({});
    else expect(after.settings).toEqual(withValues({}, [[name, storedValue(setting, value)]]));
  });

  it.each(DEPLOYMENT_SETTINGS.filter(([, { project }]) => project))(
    '%s is that of its deployments',
    (name, setting) => {
      const stored = storedValue(setting, another(setting));
      expect(deploymentSettings(withValues({}, [[name, stored]]))).toEqual(
        withValues(deploymentSettings({}) as never, [[name, stored]]),
      );
    },
  );
});
