import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the text of a document, by its path from the root. */
export function documentAt(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Returns all inline code outside of code blocks. */
export function codeIn(document: string): string[] {
  return [...withoutBlocks(document).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Returns the targets of relative links. */
export function linksIn(document: string): string[] {
  const prose = withoutBlocks(document).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Returns the anchors that GitHub makes of a document's headings: a repeated one is numbered. */
export function anchorsOf(document: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(document).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => {
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

function withoutBlocks(document: string): string {
  return document.replaceAll(/^```[^]*?^```$/gm, '');
}
