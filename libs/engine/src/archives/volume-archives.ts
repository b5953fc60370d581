import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError, EngineError, EngineNotFoundError } from '../client/engine-errors.js';
import { LABELS, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { sharedServiceName, sharedVolumeName } from '../client/engine-names.js';
import { readFrames } from '../logs/log-frames.js';

/** Where the containers of this class mount the volume. */
export const ARCHIVED_VOLUME = '/volume';
const KEPT_ERROR_BYTES = 2_000;

/** A command that did not end with 0. */
export class CommandFailedError extends EngineError {
  /** @param output the end of its standard error */
  constructor(
    readonly exitCode: number,
    readonly output: string,
  ) {
    super(`The command ended with code ${exitCode}: ${output}`);
  }
}

/** The volume of a project's service. */
export interface ServiceVolume {
  readonly projectId: string;
  readonly kind: string;
  readonly volumeSuffix: string | null;
}

/** A program with its arguments, none of which is secret. */
export interface ArchiveCommand {
  readonly command: readonly string[];
  /** `NAME=value`; may be secret. */
  readonly env?: readonly string[];
}

/** Streams data out of and into the volumes of project services on this engine's own machine. */
@Injectable()
export class VolumeArchives {
  constructor(private readonly client: EngineClient) {}

  async exists(volume: ServiceVolume): Promise<boolean> {
    try {
      await this.client.call((docker) => docker.getVolume(this.nameOf(volume)).inspect());
      return true;
    } catch (error) {
      if (error instanceof EngineNotFoundError) return false;
      throw error;
    }
  }

  /** Creates the volume as Swarm would create it together with the service. */
  async create(volume: ServiceVolume): Promise<void> {
    const { projectId, kind } = volume;
    const labels = { ...ownerLabels(this.client.instance, { projectId }), [LABELS.service]: kind };
    await this.client.call((docker) => docker.createVolume({ Name: this.nameOf(volume), Labels: labels }));
  }

  /** Returns the id of the service's container on this engine; null when none runs. */
  async runningContainer({ projectId, kind }: ServiceVolume): Promise<string | null> {
    const name = sharedServiceName(this.client.instance, projectId, kind);
    const label = [
      ...labelFilter(this.client.instance, { projectId }),
      `com.docker.swarm.service.name=${name}`,
    ];
    const [found] = await this.client.call((docker) =>
      docker.listContainers({ filters: { label, status: ['running'] } }),
    );
    return found?.Id ?? null;
  }

  /**
   * Runs a command in a running container and streams what it prints.
   *
   * @throws {CommandFailedError} at the end of the stream
   */
  async *printedIn(
    containerId: string,
    { command, env = [] }: ArchiveCommand,
    abortSignal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const { id } = await this.client.call((docker) =>
      docker.getContainer(containerId).exec({
        Cmd: [...command],
        Env: [...env],
        AttachStdout: true,
        AttachStderr: true,
      }),
    );
    const stream = await this.client.open({
      method: 'POST',
      path: `/exec/${id}/start`,
      options: { _body: { Detach: false, Tty: false } },
      abortSignal,
    });
    const errors = new LastOutput();
    yield* printed(stream, errors);
    const { ExitCode: code } = await this.client.call((docker) => docker.getExec(id).inspect());
    if (code !== 0) throw new CommandFailedError(code ?? -1, errors.text);
  }

  /**
   * Runs a command in a container of its own with the volume, and streams what it prints.
   *
   * @throws {CommandFailedError} at the end of the stream
   */
  async *printedBeside(
    volume: ServiceVolume,
    image: string,
    { command }: ArchiveCommand,
    abortSignal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const container = await this.createBeside(volume, image, command, false);
    try {
      const stream = await this.client.open({
        method: 'POST',
        path: `/containers/${container.id}/attach?`,
        options: { _query: { stream: true, stdout: true, stderr: true }, _body: {} },
        abortSignal,
      });
      await this.client.call((docker) => docker.getContainer(container.id).start());
      const errors = new LastOutput();
      yield* printed(stream, errors);
      await this.assertSucceeded(container.id, errors);
    } finally {
      await this.remove(container.id);
    }
  }

  /**
   * Feeds a stream to a command in a container of its own with the volume.
   *
   * @throws {CommandFailedError}
   */
  async feed(
    volume: ServiceVolume,
    image: string,
    { command }: ArchiveCommand,
    source: AsyncIterable<Buffer>,
    abortSignal: AbortSignal,
  ): Promise<void> {
    const container = await this.createBeside(volume, image, command, true);
    try {
      const stream = await this.client.hijack({
        method: 'POST',
        path: `/containers/${container.id}/attach?`,
        options: { _query: { stream: true, stdin: true, stdout: true, stderr: true }, _body: {} },
        abortSignal,
      });
      await this.client.call((docker) => docker.getContainer(container.id).start());
      const errors = new LastOutput();
      const drain = async () => {
        for await (const chunk of printed(stream, errors)) errors.add(chunk);
      };
      await Promise.all([pipeline(source, stream, { signal: abortSignal }), drain()]);
      await this.assertSucceeded(container.id, errors);
    } finally {
      await this.remove(container.id);
    }
  }

  private nameOf({ projectId, kind, volumeSuffix }: ServiceVolume): string {
    return sharedVolumeName(this.client.instance, projectId, kind, volumeSuffix);
  }

  private createBeside(
    volume: ServiceVolume,
    image: string,
    command: readonly string[],
    isFed: boolean,
  ): Promise<Docker.Container> {
    return this.client.call((docker) =>
      docker.createContainer({
        Image: image,
        Entrypoint: [...command],
        Cmd: [],
        User: '0:0',
        Labels: ownerLabels(this.client.instance, { projectId: volume.projectId }),
        AttachStdin: isFed,
        OpenStdin: isFed,
        StdinOnce: isFed,
        HostConfig: {
          NetworkMode: 'none',
          Mounts: [{ Type: 'volume', Source: this.nameOf(volume), Target: ARCHIVED_VOLUME }],
          // What it prints may be large, and is not to be kept as a log.
          LogConfig: { Type: 'none', Config: {} },
        },
      }),
    );
  }

  private async assertSucceeded(id: string, errors: LastOutput): Promise<void> {
    const { StatusCode: code } = (await this.client.call((docker) => docker.getContainer(id).wait())) as {
      StatusCode: number;
    };
    if (code !== 0) throw new CommandFailedError(code, errors.text);
  }

  private async remove(id: string): Promise<void> {
    try {
      await this.client.call((docker) => docker.getContainer(id).remove({ force: true, v: true }));
    } catch (error) {
      if (!(error instanceof EngineNotFoundError || error instanceof EngineConflictError)) throw error;
    }
  }
}

/** The end of what a command wrote to standard error. */
class LastOutput {
  text = '';

  add(content: Buffer): void {
    this.text = (this.text + content.toString('utf8')).slice(-KEPT_ERROR_BYTES);
  }
}

async function* printed(stream: Readable, errors: LastOutput): AsyncGenerator<Buffer> {
  for await (const { stream: source, content } of readFrames(stream)) {
    if (source === 'stdout') yield content;
    else errors.add(content);
  }
}
