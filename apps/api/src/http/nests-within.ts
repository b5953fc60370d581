/** Whether a parsed value has at most that many objects and lists within each other. */
export function nestsWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => nestsWithin(levels - 1, inner));
}
