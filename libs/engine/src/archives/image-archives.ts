import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { streamedError } from '../client/engine-errors.js';
import { readJsonLines } from '../client/json-lines.js';

/** Saves images of this engine to one archive with all their layers, and loads it. */
@Injectable()
export class ImageArchives {
  constructor(private readonly client: EngineClient) {}

  /** @param names tags or ids; a loaded image has the tags that are named here */
  save(names: readonly string[], abortSignal: AbortSignal): Promise<Readable> {
    const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
    // The question mark at the end is dockerode's.
    return this.client.open({ method: 'GET', path: `/images/get?${query}&?`, abortSignal });
  }

  /** @throws {EngineError} when the engine refuses the archive */
  async load(file: Readable, abortSignal: AbortSignal): Promise<void> {
    const response = await this.client.open({
      method: 'POST',
      path: '/images/load?',
      options: { quiet: true },
      file,
      abortSignal,
    });
    for await (const message of readJsonLines(response)) {
      if (typeof message.error === 'string') throw streamedError(message.error);
    }
  }
}
