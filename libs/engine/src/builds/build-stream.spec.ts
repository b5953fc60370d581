import { describe, expect, it } from 'vitest';
import protobuf from 'protobufjs/light.js';
import type { BuildLine } from './build-progress.js';
import { BuildStream } from './build-stream.js';
import { EngineUnavailableError } from '../client/engine-errors.js';

const IMAGE_ID = `sha256:${'a'.repeat(64)}`;
const IMAGE = { id: 'moby.image.id', aux: { ID: IMAGE_ID } };
const EMPTY = { id: 'moby.buildkit.trace', aux: '' };

/** Returns a trace in which one step begins, writes and ends. */
function trace(output = 'oh\nno', error = ''): object {
  const { Writer } = protobuf;
  const time = (seconds: number) => Writer.create().uint32(8).int64(seconds).finish();
  const vertex = (completed: boolean) => {
    const writer = Writer.create().uint32(10).string('v1').uint32(26).string('[1/1] RUN make');
    writer.uint32(42).bytes(time(10));
    if (completed) writer.uint32(50).bytes(time(12)).uint32(58).string(error);
    return writer.finish();
  };
  const log = Writer.create().uint32(10).string('v1').uint32(18).bytes(time(11)).uint32(24).int64(2);
  const status = Writer.create().uint32(10).bytes(vertex(false)).uint32(10).bytes(vertex(true));
  status.uint32(26).bytes(log.uint32(34).bytes(Buffer.from(output)).finish());
  return { id: 'moby.buildkit.trace', aux: Buffer.from(status.finish()).toString('base64') };
}

/** Reads a response that arrives in small pieces. */
async function read(messages: Iterable<unknown>, missingSecrets: readonly string[] = []) {
  const lines: BuildLine[] = [];
  const facts = {
    dockerfile: 'Dockerfile',
    dockerfileText: '',
    buildArgs: {},
    registries: [],
    missingSecrets: new Set(missingSecrets),
  };
  const version = () => Promise.resolve(null);
  const stream = new BuildStream(facts, (line) => void lines.push(line), version);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (const message of messages) {
      const bytes = Buffer.from(`${JSON.stringify(message)}\r\n`);
      await Promise.resolve();
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    }
  }
  const imageId = await stream.read(pieces()).catch((error: unknown) => error);
  return { imageId, lines };
}

describe('BuildStream', () => {
  it('reads steps, their output and the image id', async () => {
    expect(await read([trace(), IMAGE])).toEqual({
      imageId: IMAGE_ID,
      lines: [
        { stream: 'system', text: '#1 [1/1] RUN make' },
        { stream: 'stderr', text: '#1 1.000 oh' },
        { stream: 'stderr', text: '#1 no' },
        { stream: 'system', text: '#1 DONE 2.0s' },
      ],
    });
  });

  it('says which secrets steps asked for in vain although they succeeded', async () => {
    const { imageId, lines } = await read([trace(), IMAGE], ['NPM_TOKEN', 'ssh:default', 'a\nb']);
    expect(imageId).toBe(IMAGE_ID);
    expect(lines.slice(-3)).toEqual(
      ['secret "NPM_TOKEN"', 'SSH key "default"', 'secret "a b"'].map((what) => ({
        stream: 'system',
        text: `a step asked for the ${what}, which this build does not have`,
      })),
    );
    const many = await read(
      [IMAGE],
      Array.from({ length: 100 }, (_, at) => `SECRET_${at}`),
    );
    expect(many.lines).toHaveLength(20);
    const failed = await read([trace('', 'exit code: 1'), { error: 'exit code: 1' }], ['NPM_TOKEN']);
    expect(failed.lines.map(({ text }) => text).join()).not.toContain('a step asked for');
  });

  it('looks for a full disk only in the last lines of the failed step', async () => {
    const failed = async (after: number) => {
      const output = `no space left on device\n${'more\n'.repeat(after)}`;
      return (await read([trace(output, 'exit code: 1'), { error: 'exit code: 1' }])).imageId;
    };
    expect(await failed(19)).toMatchObject({ code: 'disk_full' });
    expect(await failed(20)).toMatchObject({ code: 'build_step_failed' });
  });

  it('treats a response that ends without an image as a failure', async () => {
    expect((await read([trace()])).imageId).toBeInstanceOf(EngineUnavailableError);
    expect((await read([])).imageId).toBeInstanceOf(EngineUnavailableError);
  });

  it('treats an error from the engine as a failure even after the image id', async () => {
    const error = { errorDetail: { message: 'context canceled' }, error: 'context canceled' };
    expect((await read([trace(), IMAGE, error])).imageId).toMatchObject({ code: 'engine_unavailable' });
  });

  it.each(['npm ERR! code ENOSPC\n', 'cc1: No space left on device'])(
    'recognizes a full disk by the output of the failed step: %j',
    async (output) => {
      const error = { error: 'executor failed running [/bin/sh -c make]: exit code: 1' };
      const failed = trace(output, error.error);
      expect((await read([failed, error])).imageId).toMatchObject({ code: 'disk_full' });
    },
  );

  it('returns the image id although the engine repeats an empty trace forever', async () => {
    function* response() {
      for (let i = 0; i < 300; i++) yield EMPTY;
      yield IMAGE;
      for (;;) yield EMPTY;
    }
    const { imageId, lines } = await read(response());
    expect(imageId).toBe(IMAGE_ID);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.text).toContain('stopped reporting');
  });
});
