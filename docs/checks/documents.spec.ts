import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, codeIn, documentAt, linksIn, ROOT } from './markdown.js';

const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => join('docs', path)),
];
const README = documentAt('README.md');
const MOST_BYTES_OF_README = 10 * 1024;

describe('README.md', () => {
  it('fits on a page', () => {
    expect(Buffer.byteLength(README)).toBeLessThanOrEqual(MOST_BYTES_OF_README);
  });

  it('names the commands to run Nexos and its tests on the first screen', () => {
    const screen = README.split('\n').slice(0, 30).join('\n');
    for (const command of ['npm run demo', 'npm test']) expect(screen).toContain(command);
  });

  it('leads to every document, directly or by other documents', () => {
    const reached = new Set<string>();
    const follow = (document: string) => {
      if (reached.has(document) || !document.endsWith('.md')) return;
      reached.add(document);
      for (const link of linksIn(documentAt(document))) follow(targetOf(document, link).path);
    };
    follow('README.md');
    expect(DOCUMENTS.filter((document) => !reached.has(document))).toEqual([]);
  });
});

describe('the documents', () => {
  const { scripts } = JSON.parse(documentAt('package.json')) as { scripts: Record<string, string> };

  it.each(DOCUMENTS)('%s names only files that exist', (document) => {
    const paths = codeIn(documentAt(document)).filter((code) =>
      /^(apps|libs|docker|test|docs|\.config|\.ci)\/[\w./-]+$/.test(code),
    );
    // The operator creates docker/.env.
    const missing = paths.filter((path) => path !== 'docker/.env' && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it.each(DOCUMENTS)('%s has no dead link', (document) => {
    const dead = linksIn(documentAt(document)).filter((link) => {
      const { path, anchor } = targetOf(document, link);
      if (!existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && !anchorsOf(documentAt(path)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it.each(DOCUMENTS)('%s names only npm commands that exist', (document) => {
    const commands = documentAt(document).matchAll(/(?:`|^)npm (?:run )?(?:--silent )?([a-z][a-z:-]*)/gm);
    const named = [...commands].map(([, name = '']) => name).filter((name) => name !== 'ci');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** The file that a link of a document leads to, from the root. */
function targetOf(document: string, link: string): { path: string; anchor: string | undefined } {
  const [path = '', anchor] = link.split('#');
  return { path: path === '' ? document : join(dirname(document), path), anchor };
}
