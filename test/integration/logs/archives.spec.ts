import { gzip, gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { formatLogCursor, LOG_START, type LogCursor } from '@nexos/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, append, cursorsOf, numbered, textsOf } from './log-fixture.js';

const LINES = 5_000;

let database: TestDatabase;
let builder: LogProcess;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  builder = await LogProcess.boot(database, inject('system').env.REDIS_URL ?? '');
});
afterAll(async () => {
  await builder.close();
  await database.drop();
});

let id: string;
beforeEach(async () => {
  ({ id } = await createQueuedDeployment(database));
});

async function archive(texts: readonly string[]): Promise<void> {
  const writer = await builder.open(id);
  append(writer, texts);
  await builder.finish(writer);
}
/** Replaces the archive by one as earlier versions wrote it. */
async function makeOld(): Promise<void> {
  const { content } = await stored();
  const whole = await promisify(gzip)(await promisify(gunzip)(content));
  await database.rows('UPDATE deployment_logs SET content = $2, frames = NULL WHERE deployment_id = $1', [
    id,
    whole,
  ]);
}
async function stored(): Promise<{ content: Buffer; frames: number[] | null }> {
  const [row] = await database.rows<{ content: Buffer; frames: number[] | null }>(
    'SELECT content, frames FROM deployment_logs WHERE deployment_id = $1',
    [id],
  );
  if (row === undefined) throw new Error('the log is not archived');
  return row;
}
/** Boots another process, which has read nothing yet; returns it with the sizes of the contents that it reads. */
async function reader(): Promise<{ api: LogProcess; sizes: number[] }> {
  const api = await LogProcess.boot(database, inject('system').env.REDIS_URL ?? '', builder.prefix);
  const sizes: number[] = [];
  const manager = api.unitOfWork.manager;
  const query = manager.query.bind(manager) as (sql: string, values?: unknown[]) => Promise<unknown>;
  Object.assign(manager, {
    query: async (sql: string, values?: unknown[]) => {
      const rows = await query(sql, values);
      for (const row of Array.isArray(rows) ? (rows as { content?: Buffer }[]) : []) {
        if (row.content !== undefined) sizes.push(row.content.length);
      }
      return rows;
    },
  });
  return { api, sizes };
}

describe('an archived log', () => {
  it('is one gzip file of frames, which earlier versions can read', async () => {
    await archive(numbered(1, LINES));
    const { content, frames } = await stored();
    const text = (await promisify(gunzip)(content)).toString();
    expect(text.split('\n').map((line) => (JSON.parse(line) as unknown[]).at(-1))).toEqual(
      numbered(1, LINES),
    );
    expect(frames?.slice(-2)).toEqual([LINES, content.length]);
    expect(frames?.length).toBeGreaterThan(10);
  });

  it('is unpacked only where it is read, once for all who read there', async () => {
    await archive(numbered(1, LINES));
    const { content } = await stored();
    const { api, sizes } = await reader();
    try {
      const cursor = { writer: 1, sequence: LINES / 2 };
      const pages = await Promise.all(Array.from({ length: 100 }, () => api.read(id, cursor, 1)));
      expect(new Set(pages.flatMap(textsOf))).toEqual(new Set([`line ${LINES / 2 + 1}`]));
      expect(sizes).toHaveLength(1);
      expect(sizes[0]).toBeLessThan(content.length / 5);
    } finally {
      await api.close();
    }
  });

  it('gives its last lines, of several writers, without unpacking the rest', async () => {
    await archive(numbered(1, LINES));
    const { content } = await stored();
    await archive(numbered(LINES + 1, LINES + 30));
    const { api, sizes } = await reader();
    try {
      expect(textsOf(await api.tail(id, 50))).toEqual(numbered(LINES - 19, LINES + 30));
      expect(Math.max(...sizes)).toBeLessThan(content.length / 5);
      expect(await api.tail(id, 10_000)).toHaveLength(LINES + 30);
    } finally {
      await api.close();
    }
  });

  it('reads the same from every line on', async () => {
    const texts = numbered(1, 900).map((text, index) =>
      index % 7 === 0 ? `${text} \u2028${'é'.repeat(900)}` : text,
    );
    await archive(texts);
    const { api } = await reader();
    try {
      for (let sequence = 0; sequence <= 900; sequence += 13) {
        const cursor: LogCursor = sequence === 0 ? LOG_START : { writer: 1, sequence };
        const lines = await api.read(id, cursor);
        expect(textsOf(lines)).toEqual(texts.slice(sequence));
        expect(cursorsOf(lines).at(-1)).toBe('1-900');
      }
      expect(await api.read(id, { writer: 1, sequence: 900 })).toEqual([]);
    } finally {
      await api.close();
    }
  });

  it('can be empty', async () => {
    await archive([]);
    expect(await builder.read(id)).toEqual([]);
  });

  it('ends a page after its limit of bytes', async () => {
    await archive(numbered(1, LINES));
    const { reader: log } = builder.log;
    const seen: string[] = [];
    for (let cursor: LogCursor = LOG_START; ;) {
      const { lines, bytes, isLast } = await log.read(id, cursor, LINES, 100_000);
      expect(bytes).toBeLessThan(101_000);
      seen.push(...textsOf(lines));
      if (isLast) break;
      cursor = lines.at(-1) ?? cursor;
    }
    expect(seen).toEqual(numbered(1, LINES));
  });
});

describe('an archive of an earlier version', () => {
  it('is divided into frames by its first readers, and reads the same', async () => {
    const texts = [...numbered(1, LINES), '\u2028', '', 'ünïcode 日本 🚀'];
    await archive(texts);
    const before = await stored();
    await makeOld();
    const { api, sizes } = await reader();
    try {
      const pages = await Promise.all(Array.from({ length: 20 }, () => api.read(id, LOG_START, 10)));
      for (const page of pages) expect(textsOf(page)).toEqual(numbered(1, 10));
      // The whole archive, and the first frame.
      expect(sizes).toHaveLength(2);
      expect((await stored()).frames).toEqual(before.frames);
      expect(textsOf(await api.read(id))).toEqual(texts);
    } finally {
      await api.close();
    }
  });

  it('can be empty', async () => {
    await archive([]);
    await makeOld();
    const { api } = await reader();
    try {
      expect(await api.read(id)).toEqual([]);
    } finally {
      await api.close();
    }
  });
});

describe('a live log', () => {
  it('is read once for all who wait at the same place', async () => {
    const writer = await builder.open(id);
    append(writer, numbered(1, 2_000));
    await builder.readUntil(id, 2_000);
    const { api } = await reader();
    const reads: unknown[] = [];
    const xrange = api.redis.xrange.bind(api.redis) as (...args: unknown[]) => Promise<unknown>;
    Object.assign(api.redis, {
      xrange: (...args: unknown[]) => {
        reads.push(args[1]);
        return xrange(...args);
      },
    });
    try {
      const all = await Promise.all(Array.from({ length: 50 }, () => api.read(id)));
      for (const lines of all) expect(textsOf(lines)).toEqual(numbered(1, 2_000));
      // At the end, each looks for more lines when it gets there.
      const ofLines = reads.filter((from) => from !== '2001-0');
      expect(ofLines).toEqual([...new Set(ofLines)]);
      expect(formatLogCursor(all[0]?.at(-1) ?? LOG_START)).toBe('1-2000');
    } finally {
      await api.close();
    }
    await builder.finish(writer);
  });
});
