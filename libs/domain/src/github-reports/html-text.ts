import { cutText, visibleText } from '../notifications/plain-text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Colors and cursor movements of a terminal. */
const ANSI = /\u001b\[[\d;?]*[A-Za-z]/g;

/*
 * Text of strangers goes to GitHub as `code` or `pre` inside a block of HTML: GitHub reads no Markdown in such a block, and
 * makes no mentions, links or emoji in these elements. A block ends with a blank line, which the text cannot contain, or
 * with `</pre>`, which is escaped.
 */

/** Escapes text for HTML, including attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Returns text as one line of code. */
export function codeHtml(text: string, most: number): string {
  return `<code>${escapeHtml(cutText(text, most))}</code>`;
}

/** Returns a link.  @param html what is shown, as HTML */
export function linkHtml(url: string, html: string): string {
  return `<a href="${escapeHtml(visibleText(url))}">${html}</a>`;
}

/**
 * Returns lines as they are, in a block of its own. Leaves out the first ones if all together are too long.
 *
 * @param lineMost characters of a line
 * @param most characters of all lines, as HTML
 */
export function linesHtml(lines: readonly string[], lineMost: number, most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of [...lines].reverse()) {
    const html = escapeHtml(cutText(line.replace(ANSI, ''), lineMost));
    length += html.length + 1;
    if (length > most) break;
    kept.unshift(html);
  }
  return `<pre>\n${kept.join('\n')}\n</pre>`;
}
