import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build-context.js';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A document of this repository, by its path. */
export function documentAt(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The one table whose first column is headed so. */
export function tableOf(document: string, firstColumn: string): Table {
  const found = tables(document).filter(({ header }) => header[0] === firstColumn);
  const [table] = found;
  if (table === undefined || found.length > 1) {
    throw new Error(`there are ${found.length} tables of ${firstColumn}`);
  }
  return table;
}

/** What stands in the first column, without its backticks. */
export function namesIn(table: Table): string[] {
  return table.rows.map(([name = '']) => plain(name));
}

export function plain(cell: string): string {
  return cell.replaceAll('`', '');
}

/** Everything in backticks outside of blocks of code. */
export function codeIn(document: string): string[] {
  const prose = document.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Targets of links, those to other sites left out. */
export function linksIn(document: string): string[] {
  return [...document.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target));
}

/** The anchors that GitHub makes of a document's headings. */
export function anchorsOf(document: string): string[] {
  const prose = document.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function tables(document: string): Table[] {
  const blocks = document.split('\n\n').map((block) => block.trim());
  return blocks
    .filter((block) => /^\|.*\|\n\|[\s:|-]+\|/.test(block))
    .map((block) => {
      const [header = [], , ...rows] = block.split('\n').map(cellsOf);
      return { header, rows };
    });
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}
