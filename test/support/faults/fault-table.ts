import { appendFileSync } from 'node:fs';
import type { Outcome } from './outcomes.js';

const HEADINGS = ['fault', 'accepted', 'correct', 'lost', 'duplicated', 'seconds to converge'];
const RULE = HEADINGS.map((_, n) => (n === 0 ? '---' : '---:'));

/** The results of a run as Markdown, one row for each fault. */
export class FaultTable {
  private readonly lines = [HEADINGS, RULE].map(lineOf);

  /** @param file each row is added to it as soon as it is known */
  constructor(private readonly file: string | undefined) {}

  add(fault: string, { accepted, correct, lost, duplicated }: Outcome, seconds: number): void {
    const line = lineOf([fault, ...[accepted, correct, lost, duplicated].map(String), seconds.toFixed(1)]);
    this.lines.push(line);
    if (this.file !== undefined) appendFileSync(this.file, line);
  }

  print(): void {
    process.stderr.write(`\n${this.lines.join('')}`);
  }
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
