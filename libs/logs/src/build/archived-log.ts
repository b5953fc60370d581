import { type LogLine } from '@nexos/contracts';
import { type LogsRepository } from '@nexos/state';
import { LRUCache } from 'lru-cache';
import { decodeFrame, divideArchive } from './log-codec.js';
import { after, type LogChunk, type LogChunks } from './log-chunks.js';
import { SharedReads } from './shared-reads.js';

/** The most numbers kept of the frames of archives, all archives together. */
const MAX_NUMBERS = 500_000;

/** Reads archived lines, and unpacks only the frames that it needs, each once for all who wait for it. */
export class ArchivedLog {
  /** The frames of an archive never change. */
  private readonly frames = new LRUCache<string, readonly number[]>({
    maxSize: MAX_NUMBERS,
    sizeCalculation: (frames) => frames.length + 1,
  });
  private readonly framesReads = new SharedReads<readonly number[]>();
  private readonly chunkReads = new SharedReads<LogChunk>();
  /** Archives of earlier versions are unpacked as a whole, so one at a time. */
  private dividing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly logs: LogsRepository,
    private readonly chunks: LogChunks,
  ) {}

  /** Returns the last lines of an archived writer, oldest first. */
  async lastLines(ownerId: string, writer: number, count: number): Promise<LogLine[]> {
    const last = (await this.framesOf(ownerId, writer)).at(-2) ?? 0;
    const lines: LogLine[] = [];
    let sequence = Math.max(last - count, 0);
    while (sequence < last) {
      const chunk = await this.chunkAfter(ownerId, writer, sequence);
      if (chunk === null) break;
      lines.push(...chunk);
      sequence = chunk.at(-1)?.sequence ?? last;
    }
    return lines;
  }

  /** Returns the first lines of an archived writer after this one; null when there are none. */
  async chunkAfter(ownerId: string, writer: number, sequence: number): Promise<LogChunk | null> {
    const key = `${ownerId}/${writer}`;
    const frames = await this.framesOf(ownerId, writer);
    const at = frameAfter(frames, sequence);
    if (at === null) return null;
    const chunkKey = `archived/${key}/${at}`;
    const chunk =
      this.chunks.get(chunkKey) ??
      (await this.chunkReads.share(chunkKey, async () => {
        const [start = 0, end = 0] = [frames[at - 1], frames[at + 1]];
        const content = await this.logs.contentOf(ownerId, writer, start, end);
        const lines = content === null ? [] : await decodeFrame(content);
        this.chunks.set(chunkKey, lines);
        return lines;
      }));
    // Its project was deleted meanwhile.
    return chunk.length === 0 ? null : after(sequence, chunk);
  }

  private async framesOf(ownerId: string, writer: number): Promise<readonly number[]> {
    const key = `${ownerId}/${writer}`;
    const frames =
      this.frames.get(key) ?? (await this.framesReads.share(key, () => this.readFrames(ownerId, writer)));
    this.frames.set(key, frames);
    return frames;
  }

  private async readFrames(ownerId: string, writer: number): Promise<readonly number[]> {
    const frames = await this.logs.framesOf(ownerId, writer);
    if (frames === undefined) return [];
    if (frames !== null) return frames;
    const divided = this.dividing.then(() => this.divide(ownerId, writer));
    this.dividing = divided.catch(() => undefined);
    await divided;
    // Another process may have divided it first.
    return (await this.logs.framesOf(ownerId, writer)) ?? [];
  }

  private async divide(ownerId: string, writer: number): Promise<void> {
    const content = await this.logs.contentOf(ownerId, writer);
    if (content !== null) await this.logs.divide(ownerId, writer, await divideArchive(content));
  }
}

/** Finds the first frame that ends after a line; returns the index of the number of its last line. */
function frameAfter(frames: readonly number[], sequence: number): number | null {
  let [low, high] = [0, frames.length / 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((frames[2 * middle] ?? 0) > sequence) high = middle;
    else low = middle + 1;
  }
  return 2 * low < frames.length ? 2 * low : null;
}
