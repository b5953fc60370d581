import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('the bundles of the apps', () => {
  it('keep the names of our classes, which Nest, logs and the OpenAPI document use', () => {
    const declared = new Set(filesBelow(['apps', 'libs'], /(?<!\.spec)\.ts$/).flatMap(classesIn));
    expect(declared.size).toBeGreaterThan(300);
    const code = allBundles();
    // The bundler renames a class that refers to itself, and then sets its name.
    const renamed = Array.from(code.matchAll(/\bclass _(\w+)/g), ([, name = '']) => name);
    const ours = renamed.filter((name) => declared.has(name));
    expect(ours).toContain('WebhooksController');
    expect(ours.filter((name) => !code.includes(`__name(this,"${name}")`))).toEqual([]);
  });

  it('load no second TypeORM at run time', () => {
    expect(allBundles()).not.toMatch(/\brequire\w*\("typeorm"\)/);
  });

  it('set the names of classes only, and only if they have another one', () => {
    const helpers = filesBelow(['dist'], /\.js$/).flatMap((code) => code.match(/__name=\(.*/g) ?? []);
    expect(helpers.length).toBeGreaterThan(0);
    for (const helper of helpers)
      expect(helper).toMatch(/^__name=\((\w+),(\w+)\)=>\2\.charCodeAt\(0\)>96\|\|\1\.name===\2\?\1:/);
  });
});

/** The bundler wraps long lines, also within strings. */
function allBundles(): string {
  return filesBelow(['dist'], /\.js$/).join('').replace(/\\?\n/g, '');
}

function filesBelow(folders: readonly string[], pattern: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => pattern.test(path))
      .map((path) => readFileSync(join(ROOT, folder, path), 'utf8')),
  );
}

function classesIn(code: string): string[] {
  return Array.from(code.matchAll(/\bclass ([A-Za-z_$][\w$]*)/g), ([, name = '']) => name);
}
