import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DELIVERY_OUTCOMES,
  DELIVERY_REASONS,
  DEPLOYMENT_STATUSES,
  EXECUTION_FAILURE_CODES,
  EXECUTION_STATUSES,
  FAILURE_CODES,
} from '@nexos/domain';
import { givenValue, type JsonSchema, PROJECT_SETTINGS, repositoryConfigSchema } from '@nexos/settings';
import * as configuration from '@nexos/config';
import { describe, expect, it } from 'vitest';
import { ROOT } from './build-context.js';
import { anchorsOf, codeIn, documentAt, linksIn, namesIn, plain, tableOf } from './markdown.js';

const README = documentAt('README.md');
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

interface Variable {
  readonly name: string;
  /** As the README writes it. */
  readonly initial: string;
  /** The class that reads it. */
  readonly section: string;
}

/** Every variable that libs/config reads, from its sources: `@Env('NAME')` and the property that follows. */
function variablesRead(): Variable[] {
  const folder = join(ROOT, 'libs/config/src');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.config.ts'))
    .flatMap((file) => variablesIn(readFileSync(join(folder, file), 'utf8')));
}

function variablesIn(source: string): Variable[] {
  const section = /export class (\w+)/.exec(source)?.[1] ?? '';
  const Section = (configuration as Record<string, unknown>)[section] as new () => Record<string, unknown>;
  const initial = new Section();
  return [...source.matchAll(/@Env\('(\w+)'[^]*?\n {2}(\w+)([!?]?)(?::| =)/g)].map(
    ([, name = '', property = '', mark]) => ({
      name,
      section,
      initial: mark === '!' ? 'required' : written(initial[property]),
    }),
  );
}

function written(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  throw new Error(`this test does not know how the README writes ${JSON.stringify(value)}`);
}

/** The default of a setting, as the README writes it. */
function initialOf(value: unknown): string {
  return typeof value === 'boolean' || value === null ? String(value) : written(value);
}

/** The sections that an app loads. */
function sectionsOf(app: string): string[] {
  const source = readFileSync(join(ROOT, `apps/${app}/src/${app}.config.ts`), 'utf8');
  return [...source.matchAll(/: (\w+Config),/g), ...source.matchAll(/: (\w+Config) }/g)].map(
    ([, section = '']) => section,
  );
}

/** The fields of `nexos.yaml` that have values, by their paths. */
function configFields({ properties }: JsonSchema, path: readonly string[] = []): string[] {
  if (properties === undefined) return [path.join('.')];
  return Object.entries(properties as Record<string, JsonSchema>).flatMap(([name, field]) =>
    configFields(field, [...path, name]),
  );
}

describe('the README', () => {
  const variables = variablesRead();
  const table = tableOf(README, 'variable');

  it('names every environment variable that the apps read, and no other', () => {
    expect(variables.length).toBeGreaterThan(30);
    expect(namesIn(table).sort()).toEqual(variables.map(({ name }) => name).sort());
  });

  it('says what each is when nobody sets it', () => {
    const documented = Object.fromEntries(
      table.rows.map(([name = '', initial = '']) => [plain(name), plain(initial)]),
    );
    expect(documented).toEqual(Object.fromEntries(variables.map(({ name, initial }) => [name, initial])));
  });

  it('names for each only apps that read it', () => {
    for (const [name = '', , apps = ''] of table.rows) {
      const section = variables.find((variable) => variable.name === plain(name))?.section;
      const named =
        apps === 'all' ? ['api', 'builder', 'integrations', 'lifecycle', 'quota'] : apps.split(', ');
      for (const app of named) expect(sectionsOf(app), `${name} of ${app}`).toContain(section);
    }
  });

  it('says what every dependency is for', () => {
    const { dependencies, devDependencies } = JSON.parse(documentAt('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const packages = tableOf(README, 'package');
    expect(namesIn(packages).sort()).toEqual(
      [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort(),
    );
    for (const [name, purpose = ''] of packages.rows) expect(purpose, name).not.toBe('');
  });

  it('explains every setting of a project, and what it is when nobody sets it', () => {
    const documented = tableOf(README, 'field').rows.flatMap(([names = '', initial = '']) =>
      plain(names)
        .split(', ')
        .map((name) => [name, plain(initial)] as const),
    );
    const settings = PROJECT_SETTINGS.map(
      ([name, setting]) => [name, initialOf(givenValue(setting, setting.default))] as const,
    );
    expect(Object.fromEntries(documented)).toEqual({
      name: 'required',
      github_repo: 'required',
      ...Object.fromEntries(settings),
    });
  });

  it('explains every field of nexos.yaml', () => {
    const fields = configFields(repositoryConfigSchema());
    const documented = namesIn(tableOf(README, 'in `nexos.yaml`')).flatMap((names) => names.split(', '));
    expect(documented.sort()).toEqual(fields.sort());
  });

  it('explains every failure code, status and kind of error', () => {
    expect(namesIn(tableOf(README, 'code')).sort()).toEqual([...FAILURE_CODES].sort());
    expect(namesIn(tableOf(README, 'status')).sort()).toEqual([...DEPLOYMENT_STATUSES].sort());
    expect(namesIn(tableOf(README, 'execution')).sort()).toEqual([...EXECUTION_STATUSES].sort());
    expect(namesIn(tableOf(README, '`outcome`')).sort()).toEqual([...DELIVERY_OUTCOMES].sort());
    expect(namesIn(tableOf(README, '`reason`')).sort()).toEqual([...DELIVERY_REASONS].sort());
    const ofExecutions = namesIn(tableOf(README, '`failure` of an execution'));
    expect(ofExecutions.sort()).toEqual([...EXECUTION_FAILURE_CODES].sort());
    const source = readFileSync(join(ROOT, 'apps/api/src/http/problems/api-error.ts'), 'utf8');
    const kinds = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \{ status: (\d+)/gm)];
    const documented = tableOf(README, '`urn:nexos:problem:…`').rows;
    expect(documented.map(([kind = '', status]) => [plain(kind), status]).sort()).toEqual(
      kinds.map(([, kind, status]) => [kind, status]).sort(),
    );
  });

  it('says how to run the two commands on its first screen', () => {
    const screen = README.split('\n').slice(0, 30).join('\n');
    for (const command of ['npm run demo', 'npm test']) expect(screen).toContain(command);
  });
});

describe('the documents', () => {
  const scripts = Object.keys(
    (JSON.parse(documentAt('package.json')) as { scripts: Record<string, string> }).scripts,
  );

  it.each(DOCUMENTS)('%s names only files that are there', (document) => {
    const paths = codeIn(documentAt(document)).filter((code) =>
      /^(apps|libs|docker|test|docs|\.config|\.ci)\/[\w./-]+$/.test(code),
    );
    // docker/.env is the operator's to make.
    const missing = paths.filter((path) => path !== 'docker/.env' && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it.each(DOCUMENTS)('%s has no link that leads nowhere', (document) => {
    const text = documentAt(document);
    const broken = linksIn(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(documentAt(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(DOCUMENTS)('%s names only npm commands that there are', (document) => {
    const commands = documentAt(document).matchAll(/(?:`|^)npm (?:run )?(?:--silent )?([a-z][a-z:-]*)/gm);
    const named = [...commands].map(([, name = '']) => name).filter((name) => name !== 'ci');
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
