import { registryOfImage } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import type { BuildLine } from '../builds/build-progress.js';
import { EngineClient } from '../client/engine-client.js';
import {
  EngineError,
  EngineRejectedError,
  EngineUnavailableError,
  streamedError,
} from '../client/engine-errors.js';
import { assertOurs } from '../client/engine-labels.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { Images } from './images.js';
import { pushFailure } from './registry-failure.js';
import { registryProblem } from './registry-problem.js';
import { readJsonLines } from '../client/json-lines.js';
import { cleanLine } from '../logs/log-text.js';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** The engine reports the progress of a push all the time, unless the registry does not answer. */
const SILENCE_MS = 60_000;
/** States that the engine reports over and over. */
const NOISE = /^(Pushing|Preparing|Waiting)$/;

/** Pushes images to the registry, so that any node can run them. */
@Injectable()
export class ImagePusher {
  constructor(
    private readonly client: EngineClient,
    private readonly images: Images,
  ) {}

  /**
   * Pushes an image that this installation built.
   *
   * @param repositoryName the path below the registry, in lower case
   * @returns the digest reference by which any node can run the image: `registry/repository@sha256:…`
   * @throws {RegistryFailure} `push_failed`; a transient one is worth a retry
   */
  async push(
    imageId: string,
    repositoryName: string,
    signal: AbortSignal,
    onLine: (line: BuildLine) => void | Promise<void>,
    guard: Guard = UNGUARDED,
  ): Promise<string> {
    const { registry, instance } = this.client;
    if (registry === undefined)
      throw new EngineError('No registry to push to is configured. Set REGISTRY_URL.');
    const image = await this.images.inspect(imageId);
    assertOurs(instance, image.labels, `The image ${imageId}`);
    const repo = `${registry}/${repositoryName}`;
    const tag = image.id.replace('sha256:', '');
    await this.client.change(guard, (docker) => docker.getImage(image.id).tag({ repo, tag }));
    await guard();
    const host = registryOfImage(repo);
    const stop = new AbortController();
    try {
      const pushed = { repo, tag, authconfig: this.client.access.forPush(repo) };
      return `${repo}@${await this.follow(pushed, signal, stop, onLine)}`;
    } catch (error) {
      signal.throwIfAborted();
      if (stop.signal.aborted) throw pushFailure(host, { kind: 'timeout', status: null }, { cause: error });
      if (!(error instanceof EngineRejectedError)) throw error;
      throw pushFailure(host, registryProblem(error.message), { cause: error });
    }
  }

  /** @param silent aborted when the engine reports nothing for too long */
  private async follow(
    { repo, tag, authconfig }: { repo: string; tag: string; authconfig: { base64: string } },
    signal: AbortSignal,
    silent: AbortController,
    onLine: (line: BuildLine) => void | Promise<void>,
  ): Promise<string> {
    const stop = new AbortController();
    const timer = setTimeout(() => silent.abort(), SILENCE_MS);
    let digest: string | undefined;
    try {
      const response = await this.client.open({
        method: 'POST',
        path: `/images/${repo}/push?`,
        options: { _query: { tag }, _body: {} },
        authconfig,
        abortSignal: AbortSignal.any([signal, stop.signal, silent.signal]),
      });
      for await (const message of readJsonLines(response)) {
        timer.refresh();
        if (typeof message.error === 'string') throw streamedError(message.error);
        digest = digestOf(message.aux) ?? digest;
        const text = lineOf(message);
        if (text !== null) await onLine({ stream: 'system', text });
      }
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    if (digest === undefined) {
      throw new EngineUnavailableError("The container engine's response ended before the push did.");
    }
    return digest;
  }
}

function digestOf(aux: unknown): string | undefined {
  const digest = typeof aux === 'object' && aux !== null && 'Digest' in aux ? aux.Digest : undefined;
  return typeof digest === 'string' && DIGEST.test(digest) ? digest : undefined;
}

function lineOf({ id, status }: Record<string, unknown>): string | null {
  if (typeof status !== 'string' || status === '' || NOISE.test(status)) return null;
  return cleanLine(typeof id === 'string' ? `${id}: ${status}` : status);
}
