import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('the bundles of the apps', () => {
  it('keep the names of our classes, which logs and errors print', () => {
    const declared = new Set(filesBelow(['apps', 'libs'], /(?<!\.spec)\.ts$/).flatMap(classesIn));
    expect(declared.size).toBeGreaterThan(300);
    const bundled = filesBelow(['dist'], /\.js$/).flatMap(classesIn);
    // The bundler appends a number to one of two equal names in a file.
    const renamed = bundled.filter((name) => !declared.has(name) && declared.has(name.replace(/\d+$/, '')));
    expect(renamed).toEqual([]);
    expect(bundled).toContain('DeploymentsService');
  });
});

function filesBelow(folders: readonly string[], pattern: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => pattern.test(path))
      .map((path) => readFileSync(join(ROOT, folder, path), 'utf8')),
  );
}

/** Returns the names of declared classes, and of variables that hold a class and so name it. */
function classesIn(code: string): string[] {
  const names = code.matchAll(/\bclass ([A-Za-z_$][\w$]*)|([A-Za-z_$][\w$]*)\s?=\s?class\b/g);
  return Array.from(names, ([, declared, assigned]) => declared ?? assigned ?? '');
}
