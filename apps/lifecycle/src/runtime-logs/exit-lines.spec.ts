import { randomBytes } from 'node:crypto';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { type ContainerRunsRepository, type RecordedEnd } from '@nexos/state';
import { describe, expect, it } from 'vitest';
import { ExitLines } from './exit-lines.js';
import { RuntimeLogBatch } from './runtime-log-batch.js';

const SECOND = 1_000_000_000n;
const START = BigInt(Date.parse('2026-11-29T10:00:00Z')) * 1_000_000n;
const sealer = new Sealer({
  key: randomBytes(32).toString('base64'),
  oldKeys: [],
});

/** An end this many seconds after the start, a second after it wrote a line. */
function end(seconds: number, change: Partial<RecordedEnd> = {}): RecordedEnd {
  const containerId = `c${seconds}`;
  const lines = [
    { time: `2026-11-29T10:00:0${seconds - 1}.5Z`, stream: 'stderr', text: `last words of ${seconds}` },
  ];
  return {
    containerId,
    nanoseconds: `${START + BigInt(seconds) * SECOND + 5n}`,
    code: 3,
    isOutOfMemory: false,
    isUnhealthy: false,
    sealedLines: sealer.seal(JSON.stringify(lines), sealIdentity.containerOutput(containerId)),
    ...change,
  };
}

function readerOf(ends: readonly RecordedEnd[], since: string | null, container = 'app') {
  const runs = { endsOf: () => Promise.resolve(ends) } as unknown as ContainerRunsRepository;
  return new ExitLines(runs, sealer).reader({ deploymentId: 'dep_1', container }, since);
}
const textsOf = async (reader: ReturnType<typeof readerOf>) =>
  (await reader.next()).map(({ line }) => line.text);

describe('ExitLines', () => {
  it('has the last lines of each container and says how it ended, once', async () => {
    const ends = [end(2)];
    const reader = readerOf(ends, null);
    expect(await textsOf(reader)).toEqual(['last words of 2', 'the app exited with code 3']);
    ends.push(end(4, { code: 137, isOutOfMemory: true }));
    expect(await textsOf(reader)).toEqual(['the app ran out of memory (code 137, SIGKILL)']);
    expect(await textsOf(reader)).toEqual([]);
  });

  it('names a container that is not the app', async () => {
    expect(await textsOf(readerOf([end(2)], '1', 'worker'))).toEqual([
      'the container worker exited with code 3',
    ]);
  });

  it('leaves the last lines to the engine when a log is continued', async () => {
    expect(await textsOf(readerOf([end(2)], '1'))).toEqual(['the app exited with code 3']);
  });

  it('says how a container ended even if its lines cannot be decrypted', async () => {
    const sealedLines = sealer.seal('[]', 'another row');
    expect(await textsOf(readerOf([end(2, { sealedLines })], null))).toEqual(['the app exited with code 3']);
  });

  it('puts its lines between those of the engine, without repeating one that the engine has', async () => {
    const batch = new RuntimeLogBatch(null, () => 0);
    for (const { line, isCopy } of await readerOf([end(2), end(5)], null).next()) batch.add(line, isCopy);
    const line = (time: string, text: string) =>
      batch.add({ time: `2026-11-29T10:00:0${time}Z`, task: 't', stream: 'stderr', text });
    line('1.5', 'last words of 2');
    line('3', 'started again');
    expect(batch.take().map(({ stream, text }) => `${stream}: ${text}`)).toEqual([
      'stderr: last words of 2',
      'system: the app exited with code 3',
      'stderr: started again',
      'stderr: last words of 5',
      'system: the app exited with code 3',
    ]);
  });
});
