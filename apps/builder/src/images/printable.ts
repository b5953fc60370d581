const LONGEST = 300;

/** Makes a name that comes from a repository fit for a line of a log: without control characters, and not too long. */
export function printable(name: string): string {
  const plain = name.replace(/\p{C}/gu, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
