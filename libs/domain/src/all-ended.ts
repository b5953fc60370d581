/**
 * What several pieces of work that run side by side come to. It waits for all of them, also when one fails: nothing is
 * under way any more afterwards.
 *
 * @throws the first failure, in their order and not in that of time
 */
export async function allEnded<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ends = await Promise.allSettled(work);
  const values = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  return values as { -readonly [K in keyof T]: Awaited<T[K]> };
}
