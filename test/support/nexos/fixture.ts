import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** The public images that the fixtures name, and setup's name for the same image or its stand-in. */
const IMAGES: Readonly<Record<string, string>> = {
  'debian:bookworm-slim': 'debian',
  'node:22-slim': 'node',
  'postgres:15-alpine': 'postgres',
  'redis:7-alpine': 'redis',
};
/** An image with a tag; a name without one is a stage of the same Dockerfile. */
const NAMED = /^( *(?:FROM|image:) +)([^\s:]+:\S+)/gm;

/**
 * Returns the files of a repository in `test/fixtures`. They are as a team would have written them, except that the images
 * are those of setup, since no registry may be within reach.
 */
export function fixture(name: string): Record<string, string> {
  const root = join(FIXTURES, name);
  const files = filesIn(root).map((path) => [relative(root, path), readFileSync(path, 'utf8')] as const);
  return Object.fromEntries(
    files.map(([path, text]) => [path, /Dockerfile$|\.yaml$/.test(path) ? withOwnImages(text) : text]),
  );
}

function withOwnImages(text: string): string {
  const { images } = inject('system');
  return text.replace(NAMED, (_, before: string, image: string) => {
    const own = images[IMAGES[image] ?? ''];
    if (own === undefined) throw new Error(`setup has no image in place of ${image}`);
    return before + own;
  });
}

/** Leaves out packages that someone has installed to work on a fixture. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return [path];
  });
}
