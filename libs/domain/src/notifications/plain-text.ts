/** Control characters, and characters that reverse or hide text. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu;

/** Replaces invisible characters and line ends with spaces. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, ' ');
}

/** Removes invisible characters, and cuts the text to that many characters without splitting one. */
export function cutText(text: string, most: number): string {
  const characters = Array.from(visibleText(text));
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** Returns a duration such as `2 min 5 s`; null without one. */
export function durationText(seconds: number | null): string | null {
  if (seconds === null) return null;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}
