import { type LogLine } from '@nexos/contracts';
import { logArchiveOf } from '@nexos/state';
import type { EntityManager } from 'typeorm';
import { encodeArchive, unpackArchive } from './log-codec.js';

/** Keeps one writer's lines for good, in the running transaction. */
export async function archiveLines(
  manager: EntityManager,
  ownerId: string,
  writer: number,
  lines: readonly LogLine[],
): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(logArchiveOf(ownerId))
    .values({ ownerId, writer, content: await encodeArchive(lines) })
    .orIgnore()
    .execute();
}

/** The writers of a log whose lines are kept for good, the first first. */
export async function archivedWriters(manager: EntityManager, ownerId: string): Promise<number[]> {
  const rows = await manager.find(logArchiveOf(ownerId), {
    select: { writer: true },
    where: { ownerId },
    order: { writer: 'ASC' },
  });
  return rows.map((row) => row.writer);
}

/** What one writer wrote, if it is kept for good: its lines as they were encoded. */
export async function readArchive(
  manager: EntityManager,
  ownerId: string,
  writer: number,
): Promise<string[] | null> {
  const row = await manager.findOneBy(logArchiveOf(ownerId), { ownerId, writer });
  return row === null ? null : unpackArchive(row.content);
}
