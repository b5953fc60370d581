import { type LogLine } from '@nexos/contracts';
import { LRUCache } from 'lru-cache';

/**
 * Consecutive lines of one writer that are stored together. All who read them at about the same time get the same
 * array, which never changes.
 */
export type LogChunk = readonly LogLine[];

/** Bytes of memory for the chunks that were read last. */
const MAX_BYTES = 16 * 1024 * 1024;
/** The memory of a line without its text, and of a character, each with what readers derive from them. */
const LINE_BYTES = 400;
const CHARACTER_BYTES = 3;

/** Keeps the chunks that were read last, within a limit of memory. */
export class LogChunks {
  private readonly chunks = new LRUCache<string, LogChunk>({
    maxSize: MAX_BYTES,
    sizeCalculation: (chunk) =>
      chunk.reduce((bytes, { text }) => bytes + LINE_BYTES + CHARACTER_BYTES * text.length, 1),
  });

  get(key: string): LogChunk | undefined {
    return this.chunks.get(key);
  }

  set(key: string, chunk: LogChunk): void {
    this.chunks.set(key, chunk);
  }
}

/** Returns the lines of a chunk after a line of the same writer: the chunk itself if that is all of it. */
export function after(sequence: number, chunk: LogChunk): LogChunk {
  const first = chunk[0]?.sequence ?? 0;
  return first > sequence ? chunk : chunk.slice(sequence - first + 1);
}
