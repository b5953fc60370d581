import { setTimeout } from 'node:timers/promises';
import { BuildProgress, type BuildLine } from './build-progress.js';
import { buildFailure } from './build-failure.js';
import { decodeBuildStatus } from './buildkit-status.js';
import { EngineUnavailableError } from '../client/engine-errors.js';
import { readJsonLines } from '../client/json-lines.js';
import { cleanLine } from '../logs/log-text.js';

const TRACE = 'moby.buildkit.trace';
const IMAGE = 'moby.image.id';
/**
 * Engine 20.10 sometimes ends up repeating an empty trace for ever after a step wrote more than 1 MiB at once. The
 * build goes on unseen; its image's id still comes, but the answer never ends.
 */
const ENDLESS = 200;
const ENDLESS_PAUSE_MS = 20;
const ENDLESS_NOTICE =
  'A step wrote so much at once that the engine has stopped reporting. The build goes on, but its further lines are lost.';
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

/** Follows the answer to a build request. */
export class BuildStream {
  private readonly progress = new BuildProgress();
  private emptyTraces = 0;

  constructor(
    private readonly dockerfile: string,
    private readonly onLine: (line: BuildLine) => void | Promise<void>,
  ) {}

  /**
   * Reads the answer to its end, handing on each line as it comes.
   *
   * @returns the id of the image, which BuildKit reports once it is written
   * @throws {DeploymentFailure} when the build failed
   * @throws {EngineUnavailableError} when the answer ended before the build did
   */
  async read(answer: AsyncIterable<Buffer>): Promise<string> {
    let imageId: string | undefined;
    for await (const message of readJsonLines(answer)) {
      if (message.id === TRACE && typeof message.aux === 'string') {
        await this.trace(message.aux);
        if (imageId !== undefined && this.emptyTraces >= ENDLESS) break;
      } else if (message.id === IMAGE) {
        imageId = readImageId(message.aux);
      } else if (typeof message.error === 'string') {
        await this.fail(message.error);
      } else if (typeof message.stream === 'string') {
        await this.hand([{ stream: 'system', text: cleanLine(message.stream.trimEnd()) }]);
      }
    }
    await this.hand(this.progress.rest());
    if (imageId === undefined) throw new EngineUnavailableError('The answer ended before the build did.');
    return imageId;
  }

  private async trace(aux: string): Promise<void> {
    if (aux !== '') {
      this.emptyTraces = 0;
      return this.hand(this.progress.lines(decodeBuildStatus(aux)));
    }
    this.emptyTraces++;
    if (this.emptyTraces === ENDLESS) await this.hand([{ stream: 'system', text: ENDLESS_NOTICE }]);
    // Reading slowly makes the engine write slowly; it would keep a core busy otherwise.
    if (this.emptyTraces % ENDLESS === 0) await setTimeout(ENDLESS_PAUSE_MS);
  }

  private async fail(message: string): Promise<never> {
    await this.hand(this.progress.rest());
    const failure = buildFailure({
      message,
      step: this.progress.failedStep(),
      dockerfile: this.dockerfile,
    });
    await this.hand([{ stream: 'system', text: `ERROR: ${failure.message}` }]);
    throw failure;
  }

  private async hand(lines: readonly BuildLine[]): Promise<void> {
    for (const line of lines) await this.onLine(line);
  }
}

function readImageId(aux: unknown): string | undefined {
  const id = typeof aux === 'object' && aux !== null && 'ID' in aux ? aux.ID : undefined;
  return typeof id === 'string' && IMAGE_ID.test(id) ? id : undefined;
}
