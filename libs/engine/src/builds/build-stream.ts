import { setTimeout } from 'node:timers/promises';
import { BuildProgress, type BuildLine } from './build-progress.js';
import { type BuildFacts, buildFailure, describeStep, pullTimeout } from './build-failure.js';
import { missingSecretNotes } from './missing-secrets.js';
import type { RegistryFailure } from '../images/registry-failure.js';
import { decodeBuildStatus } from './buildkit-status.js';
import { EngineUnavailableError } from '../client/engine-errors.js';
import { readJsonLines } from '../client/json-lines.js';
import { cleanLine } from '../logs/log-text.js';

const TRACE = 'moby.buildkit.trace';
const IMAGE = 'moby.image.id';
/**
 * The number of empty traces in a row after which the engine counts as stuck. Engine 20.10 sometimes repeats an
 * empty trace forever after a step writes more than 1 MiB at once. The build continues without output; the image
 * id still arrives, but the response never ends.
 */
const STUCK_TRACES = 200;
const STUCK_PAUSE_MS = 20;
const STUCK_NOTICE =
  'A step wrote so much at once that the engine has stopped reporting output. The build continues, but its further lines are lost.';
/** Steps that only wait for a registry to answer. */
const ASKS_REGISTRY = /^(?:\[internal\] load metadata|resolve image config) for /;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

/** Follows the response to a build request. */
export class BuildStream {
  private readonly progress = new BuildProgress();
  private emptyTraces = 0;

  /** @param engineVersion asked for when the build failed */
  constructor(
    private readonly facts: BuildFacts,
    private readonly onLine: (line: BuildLine) => void | Promise<void>,
    private readonly engineVersion: () => Promise<string | null>,
  ) {}

  /** Returns a failure if a registry has not answered for that long; null otherwise. */
  silentRegistry(limitMs: number): RegistryFailure | null {
    const silent = this.progress.running().find(({ name }) => ASKS_REGISTRY.test(name));
    return silent === undefined || silent.forMs < limitMs ? null : pullTimeout(this.facts, silent.name);
  }

  /** Describes the step that has been running for the longest time; null when none is. */
  currentStep(): string | null {
    const [first] = this.progress.running();
    return first === undefined ? null : describeStep(this.facts, first.name);
  }

  /**
   * Reads the response to its end, passing on each line as it arrives.
   *
   * @returns the id of the image, which BuildKit reports once the image is written
   * @throws {DeploymentFailure} when the build failed
   * @throws {EngineUnavailableError} when the response ended before the build did
   */
  async read(response: AsyncIterable<Buffer>): Promise<string> {
    let imageId: string | undefined;
    for await (const message of readJsonLines(response)) {
      if (message.id === TRACE && typeof message.aux === 'string') {
        await this.trace(message.aux);
        if (imageId !== undefined && this.emptyTraces >= STUCK_TRACES) break;
      } else if (message.id === IMAGE) {
        imageId = readImageId(message.aux);
      } else if (typeof message.error === 'string') {
        await this.fail(message.error);
      } else if (typeof message.stream === 'string') {
        await this.hand([{ stream: 'system', text: cleanLine(message.stream.trimEnd()) }]);
      }
    }
    await this.hand(this.progress.rest());
    if (imageId === undefined) {
      throw new EngineUnavailableError("The container engine's response ended before the build did.");
    }
    // The steps have succeeded without them, so no failure says it.
    const notes = missingSecretNotes(this.facts.missingSecrets);
    await this.hand(notes.map((text) => ({ stream: 'system', text })));
    return imageId;
  }

  private async trace(aux: string): Promise<void> {
    if (aux !== '') {
      this.emptyTraces = 0;
      return this.hand(this.progress.lines(decodeBuildStatus(aux)));
    }
    this.emptyTraces++;
    if (this.emptyTraces === STUCK_TRACES) await this.hand([{ stream: 'system', text: STUCK_NOTICE }]);
    // Reading slowly makes the engine write slowly; otherwise it keeps a core busy.
    if (this.emptyTraces % STUCK_TRACES === 0) await setTimeout(STUCK_PAUSE_MS);
  }

  private async fail(message: string): Promise<never> {
    await this.hand(this.progress.rest());
    const failure = buildFailure({
      ...this.facts,
      message,
      step: this.progress.failedStep(),
      engineVersion: await this.engineVersion(),
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
