/** Names longer than this are no misspelling of a field. */
const LONGEST = 64;
const SHORTEST_PREFIX = 3;

/**
 * Returns the known field that somebody probably meant, or null. Compares without case, `_` and `-`. In the field's own
 * section, a few other letters are allowed; a field of another section must have the same name.
 *
 * @param section path of the section with the unknown field; empty for the whole file
 * @param known paths of all known fields
 */
export function closestField(section: string, name: string, known: readonly string[]): string | null {
  const given = plain(name);
  if (name.length > LONGEST || given === '') return null;
  let closest: string | null = null;
  let least = Infinity;
  for (const path of known) {
    const at = path.lastIndexOf('.');
    const distance = distanceOf(given, plain(path.slice(at + 1)));
    const isHere = path.slice(0, Math.max(at, 0)) === section;
    if (isHere ? distance > given.length / 3 : distance > 0) continue;
    // A field of the same section wins a tie, and then one of the app.
    const weight = distance + (isHere ? 0 : path.startsWith('app.') ? 0.4 : 0.5);
    if (weight < least) [closest, least] = [path, weight];
  }
  return closest;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Returns the edits from one name to the other; one more word at the end counts as one edit. */
function distanceOf(given: string, known: string): number {
  const [short, long] = given.length < known.length ? [given, known] : [known, given];
  if (short.length >= SHORTEST_PREFIX && short !== long && long.startsWith(short)) return 1;
  return editsBetween(given, known);
}

/**
 * Counts insertions, deletions, substitutions and swaps of neighbours.
 *
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance#Optimal_string_alignment_distance
 */
function editsBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[column - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    [before, above] = [above, current];
  }
  return above[other.length] ?? 0;
}
