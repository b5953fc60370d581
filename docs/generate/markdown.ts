/** Writes Markdown. Prettier aligns it afterwards. */

/** Returns a table; cells may hold Markdown, and must not hold line breaks. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return lines.join('\n');
}

/** Returns inline code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** Returns a block of code. */
export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** Returns a page of sections, with a first line that says where the page comes from. */
export function page(title: string, ...sections: readonly string[]): string {
  const notice = '<!-- Generated from the code by `npm run docs`. Do not edit. -->';
  return `${[notice, `# ${title}`, ...sections].join('\n\n')}\n`;
}

/** Returns how a default reads in a table. */
export function defaultText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'object' && Object.keys(value).length === 0) return 'none';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
