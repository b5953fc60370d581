import { cleanLine } from './log-text.js';

/** The most characters of foreign text that a message quotes. */
const MAX_QUOTE = 300;

/** Returns foreign text as one short line of a message. */
export function quote(text: string): string {
  const line = cleanLine(text.replace(/\s+/g, ' ').trim());
  return line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE)}…`;
}

/** Strips the engine's own paths and addresses: they do not help a user, and would help an attacker. */
export function withoutInternals(text: string): string {
  return text
    .replace(/\/var\/lib\/docker\/[^\s:"']*\//g, '')
    .replace(/ on (?:\d{1,3}\.){3}\d{1,3}:\d+/g, '')
    .replace(/ (?:\d{1,3}\.){3}\d{1,3}:\d+->(?:\d{1,3}\.){3}\d{1,3}:\d+/g, '');
}
