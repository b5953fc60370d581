import { Redactor } from '@nexos/logs';
import { LOG_START, parseLogCursor } from '@nexos/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, NO_LIMIT, append, cursorsOf, numbered, textsOf } from './log-fixture.js';

let database: TestDatabase;
let process: LogProcess;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  process = await LogProcess.boot(database, inject('system').env.REDIS_URL ?? '');
});
afterAll(async () => {
  await process.close();
  await database.drop();
});

let id: string;
beforeEach(async () => {
  ({ id } = await createQueuedDeployment(database));
});

describe('BuildLog', () => {
  it('reads lines in the order they were written while the log is being written', async () => {
    const writer = await process.open(id);
    append(writer, numbered(1, 1_300));
    const lines = await process.readUntil(id, 1_300);
    append(writer, numbered(1_301, 1_310));
    const more = await process.readUntil(id, 1_310);
    expect(textsOf(more)).toEqual(numbered(1, 1_310));
    expect(more.slice(0, 1_300)).toEqual(lines);
    expect(cursorsOf(more.slice(0, 3))).toEqual(['1-1', '1-2', '1-3']);
    await process.finish(writer);
  });

  it('reads the same lines live, archived and after the stream is deleted', async () => {
    const writer = await process.open(id);
    writer.note('beginning');
    append(writer, ['', 'ünïcode 日本 🚀', '"quotes" \\ and\ttabs', ' '.repeat(10), 'x'.repeat(8_000)]);
    writer.append({ stream: 'stderr', text: 'an error' });
    const live = await process.readUntil(id, 7);
    await process.finish(writer);
    expect(await process.read(id)).toEqual(live);
    const keys = await process.redis.keys(`${process.prefix}:log:${id}:*`);
    await process.redis.del(...keys);
    expect(await process.read(id)).toEqual(live);
    expect(live.map(({ stream }) => stream)).toEqual([
      'system',
      ...Array.from({ length: 5 }, () => 'stdout'),
      'stderr',
    ]);
  });

  it('expires the stream in Redis soon after the log is archived', async () => {
    const writer = await process.open(id);
    append(writer, ['one']);
    await process.readUntil(id, 1);
    const key = `${process.prefix}:log:${id}:1`;
    expect(await process.redis.ttl(key)).toBeGreaterThan(3_600);
    await process.finish(writer);
    expect(await process.redis.ttl(key)).toBeGreaterThan(0);
    expect(await process.redis.ttl(key)).toBeLessThanOrEqual(120);
  });

  it('keeps lines that were written right before the end of the log', async () => {
    const writer = await process.open(id);
    append(writer, numbered(1, 50));
    await process.finish(writer);
    expect(textsOf(await process.read(id))).toEqual(numbered(1, 50));
  });

  it('reads an empty log for a deployment without a writer', async () => {
    expect(await process.read(id)).toEqual([]);
    expect(await process.read('dep_none')).toEqual([]);
  });

  it('refuses to open a log for a deployment that does not exist', async () => {
    await expect(process.open('dep_none')).rejects.toThrow('dep_none');
  });
});

describe('pages of a log', () => {
  it('accepts only cursors that the log can have issued: the start or a line', async () => {
    const has = (text: string) => process.log.reader.has(id, parseLogCursor(text) ?? LOG_START);
    const known = async (...cursors: string[]) => (await Promise.all(cursors.map(has))).map(Number).join('');
    expect(await known('0-0', '0-1', '1-0', '1-1')).toBe('1000');
    const writer = await process.open(id);
    append(writer, numbered(1, 2));
    await process.readUntil(id, 2);
    // Redis may have lost lines that a reader has seen.
    expect(await known('1-0', '1-2', '1-3', '2-1')).toBe('0110');
    await process.finish(writer);
    expect(await known('0-0', '1-0', '1-1', '1-2', '1-3', '2-0', '2-1')).toBe('1011100');
  });

  it('continues after a cursor without gaps or repeats, live and archived', async () => {
    const writer = await process.open(id);
    append(writer, numbered(1, 1_000));
    const all = await process.readUntil(id, 1_000);
    for (const archived of [false, true]) {
      if (archived) await process.finish(writer);
      const read: string[] = [];
      for (let after = { writer: 0, sequence: 0 }; ;) {
        const page = await process.read(id, after, 77);
        read.push(...cursorsOf(page));
        const last = page.at(-1);
        if (last === undefined) break;
        expect(page.length === 77 || last.sequence === 1_000).toBe(true);
        after = last;
      }
      expect(read).toEqual(cursorsOf(all));
    }
  });

  it('returns an empty page after the end or after a cursor that never existed', async () => {
    const writer = await process.open(id);
    append(writer, ['one']);
    await process.readUntil(id, 1);
    for (const cursor of [
      { writer: 1, sequence: 1 },
      { writer: 1, sequence: 999_999_999 },
      { writer: 999_999, sequence: 0 },
    ]) {
      expect(await process.read(id, cursor)).toEqual([]);
    }
    await process.finish(writer);
  });
});

describe('a log with several writers', () => {
  it('reads lines in the order of the writers, live and archived', async () => {
    const builder = await process.open(id);
    append(builder, numbered(1, 3));
    await process.finish(builder);
    const rollout = await process.open(id);
    append(rollout, numbered(4, 6));
    const live = await process.readUntil(id, 6);
    expect(textsOf(live)).toEqual(numbered(1, 6));
    expect(cursorsOf(live)).toEqual(['1-1', '1-2', '1-3', '2-1', '2-2', '2-3']);
    expect(textsOf(await process.read(id, { writer: 1, sequence: 2 }))).toEqual(numbered(3, 6));
    expect(textsOf(await process.read(id, { writer: 1, sequence: 2 }, 2))).toEqual(numbered(3, 4));
    await process.finish(rollout);
    expect(await process.read(id)).toEqual(live);
  });

  it('lets the next writer archive the lines of a killed builder', async () => {
    const killed = await process.open(id);
    append(killed, numbered(1, 600));
    await process.readUntil(id, 600);
    const next = await process.open(id);
    append(next, ['attempt 2']);
    expect(textsOf(await process.readUntil(id, 601))).toEqual([...numbered(1, 600), 'attempt 2']);
    await process.finish(next);
    const keys = await process.redis.keys(`${process.prefix}:log:${id}:*`);
    await process.redis.del(...keys);
    expect(textsOf(await process.read(id))).toEqual([...numbered(1, 600), 'attempt 2']);
  });

  it('discards the lines of a frozen builder that comes back after another took over', async () => {
    const frozen = await process.open(id);
    append(frozen, ['before the frost']);
    await process.readUntil(id, 1);
    const next = await process.open(id);
    append(next, ['attempt 2']);
    await process.readUntil(id, 2);
    append(frozen, ['too late']);
    await process.finish(frozen);
    await process.finish(next);
    expect(textsOf(await process.read(id))).toEqual(['before the frost', 'attempt 2']);
  });

  it('gives each of twenty concurrent writers its own number', async () => {
    const writers = await Promise.all(Array.from({ length: 20 }, () => process.open(id)));
    await Promise.all(
      writers.map(async (writer, i) => {
        append(writer, [`line ${i}`]);
        await process.finish(writer);
      }),
    );
    const lines = await process.read(id);
    expect(new Set(cursorsOf(lines)).size).toBe(lines.length);
  });
});

describe('the size limit of a log', () => {
  it('truncates a large log with a notice and keeps the lines of Nexos itself', async () => {
    const writer = await process.open(id, 4_096);
    append(
      writer,
      Array.from({ length: 100 }, () => 'x'.repeat(99)),
    );
    writer.note('failed: too loud');
    await process.finish(writer);
    const texts = textsOf(await process.read(id));
    expect(texts.filter((text) => text.startsWith('x')).join('').length).toBeLessThanOrEqual(4_096);
    expect(texts.filter((text) => text.includes('cut short'))).toHaveLength(1);
    expect(texts.at(-2)).toContain('4096 bytes');
    expect(texts.at(-1)).toBe('failed: too loud');
  });

  it('truncates a log of empty lines too, since each line costs memory', async () => {
    const writer = await process.open(id, 4_096);
    append(
      writer,
      Array.from({ length: 50_000 }, () => ''),
    );
    await process.finish(writer);
    expect((await process.read(id)).length).toBeLessThan(5_000);
  });

  it('counts the bytes of a log, not its characters', async () => {
    const writer = await process.open(id, 4_096);
    append(
      writer,
      Array.from({ length: 100 }, () => '日'.repeat(33)),
    );
    await process.finish(writer);
    const kept = textsOf(await process.read(id)).filter((text) => text.startsWith('日'));
    expect(kept.length).toBeLessThanOrEqual(41);
  });
});

describe('secrets in a log', () => {
  const SECRET = 'gh"s_7/+Zz=ä.*()';
  const KEY = '-----BEGIN KEY-----\nMIIBsecretline\r\nAnotherLine42\n-----END KEY-----';
  const FORMS: [string, string][] = [
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 with a trailing newline', Buffer.from(`${SECRET}\n`).toString('base64')],
    ['in base64 after a user name', Buffer.from(`x-access-token:${SECRET}`).toString('base64')],
    ['as a JSON string', JSON.stringify(SECRET).slice(1, -1)],
    ['that spans lines, in its first line', 'MIIBsecretline'],
    ['that spans lines, in its second line', 'AnotherLine42'],
    ['that begins with another secret', `${SECRET}-and-more`],
  ];

  it.each(FORMS)('redacts a secret %s', async (_, form) => {
    const redactor = new Redactor([SECRET, `${SECRET}-and-more`, KEY, '', 'no']);
    const writer = await process.open(id, NO_LIMIT, redactor);
    append(writer, [`before ${form} between ${form} after, no more`]);
    writer.append({ stream: 'system', text: `said ${form}` });
    const live = await process.readUntil(id, 2);
    await process.finish(writer);
    const texts = textsOf(await process.read(id));
    expect(texts).toEqual(textsOf(live));
    for (const text of texts) expect(text).not.toContain(form);
    expect(texts[0]).toMatch(/^before \S*\[redacted]\S* between \S*\[redacted]\S* after, no more$/);
  });

  it("keeps Nexos's own lines as they are, whatever is secret", async () => {
    const writer = await process.open(id, NO_LIMIT, new Redactor(['on_deploy', 'my-secret']));
    writer.redactAlso(['another-secret']);
    writer.note('on_deploy: running');
    append(writer, ['on_deploy: running with my-secret and another-secret']);
    await process.finish(writer);
    expect(textsOf(await process.read(id))).toEqual([
      'on_deploy: running',
      '[redacted]: running with [redacted] and [redacted]',
    ]);
  });

  it('strips NUL, which Postgres cannot store', async () => {
    const writer = await process.open(id);
    append(writer, ['a\0b']);
    await process.finish(writer);
    expect(textsOf(await process.read(id))).toEqual(['ab']);
  });
});
