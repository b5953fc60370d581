/** One line of the table that `npm run bench` prints at its end. */
export interface Row {
  readonly what: string;
  /** The same work without Nexos, with its unit; null where nothing else does it. */
  readonly bare: string | null;
  /** With its unit. */
  readonly nexos: string;
  /** Nexos divided by bare; null without the latter. */
  readonly ratio: number | null;
  /** What the ratio, or the figure without one, should be; null without a target. */
  readonly target: string | null;
}

const HEADER = ['benchmark', 'bare', 'Nexos', 'ratio', 'target'];

/** Returns the quotient with two decimal places. */
export function ratioOf(nexos: number, bare: number): number {
  return Math.round((nexos / bare) * 100) / 100;
}

/** Prints the rows as a table in Markdown. */
export function printTable(rows: readonly Row[]): void {
  const cells = [
    HEADER,
    ...rows.map(({ what, bare, nexos, ratio, target }) => [
      what,
      bare ?? '–',
      nexos,
      ratio === null ? '–' : String(ratio),
      target ?? '–',
    ]),
  ];
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [header = [], ...body] = cells;
  process.stdout.write(
    line(header) + line(widths.map((width) => '-'.repeat(width))) + body.map(line).join(''),
  );
}
