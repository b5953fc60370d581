import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { escapeHtml } from '../http/html-page.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};
/** Fonts of another host, which the policy would refuse. */
const FOREIGN_LINK = /<link href="https:[^>]*>/g;
const PLACEHOLDER = /<%([=-]) (\w+) %>/g;

/** Allows only the page's own files: no inline scripts, and no framing. */
export const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The page sets styles on its elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The files of the board's page, from `@bull-board/ui`. */
export class BoardFiles {
  private constructor(
    readonly folder: string,
    private readonly template: string,
    private readonly files: ReadonlySet<string>,
  ) {}

  static async open(): Promise<BoardFiles> {
    const folder = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));
    const names = await readdir(join(folder, 'dist/static'), { recursive: true, withFileTypes: true });
    const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    const template = await readFile(join(folder, 'dist/index.ejs'), 'utf8');
    return new BoardFiles(folder, template.replace(FOREIGN_LINK, ''), new Set(files));
  }

  /** @param values JSON is inserted as it is, other texts are escaped */
  page(values: Readonly<Record<string, string>>): string {
    return this.template.replace(PLACEHOLDER, (_, kind: string, name: string) => {
      const value = values[name] ?? '';
      return kind === '-' ? value : escapeHtml(value);
    });
  }

  /** Returns a file, read whole; null if the page has none of this path, such as `/static/js/main.js`. */
  async file(path: string): Promise<{ type: string; content: Buffer } | null> {
    const name = join(this.folder, 'dist', path);
    const type = TYPES[extname(name)];
    if (type === undefined || !this.files.has(name)) return null;
    return { type, content: await readFile(name) };
  }
}
