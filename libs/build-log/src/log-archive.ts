import type { LogLine } from '@nexos/contracts';
import { DeploymentLogEntity } from '@nexos/database';
import type { EntityManager } from 'typeorm';
import { encodeArchive, unpackArchive } from './log-codec.js';

/** Keeps one writer's lines for good, in the running transaction. */
export async function archiveLines(
  manager: EntityManager,
  deploymentId: string,
  writer: number,
  lines: readonly LogLine[],
): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(DeploymentLogEntity)
    .values({ deploymentId, writer, content: await encodeArchive(lines) })
    .orIgnore()
    .execute();
}

/** The writers of a deployment whose lines are kept for good, the first first. */
export async function archivedWriters(manager: EntityManager, deploymentId: string): Promise<number[]> {
  const rows = await manager.find(DeploymentLogEntity, {
    select: { writer: true },
    where: { deploymentId },
    order: { writer: 'ASC' },
  });
  return rows.map((row) => row.writer);
}

/** What one writer wrote, if it is kept for good: its lines as they were encoded. */
export async function readArchive(
  manager: EntityManager,
  deploymentId: string,
  writer: number,
): Promise<string[] | null> {
  const row = await manager.findOneBy(DeploymentLogEntity, { deploymentId, writer });
  return row === null ? null : unpackArchive(row.content);
}
