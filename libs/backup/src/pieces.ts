/** Regroups a stream into pieces of the given size; the last one may be smaller. An empty stream has none. */
export async function* inPieces(
  source: AsyncIterable<Buffer>,
  bytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    while (length >= bytes) {
      const all = Buffer.concat(chunks);
      yield all.subarray(0, bytes);
      chunks = [all.subarray(bytes)];
      length -= bytes;
    }
  }
  if (length > 0) yield Buffer.concat(chunks);
}
