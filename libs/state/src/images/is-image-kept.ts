import type { EntityManager } from 'typeorm';

/**
 * Whether any deployment claims to have that image, its seed's included. Two attempts at one build may come to the same
 * image.
 */
export async function isImageKept(manager: EntityManager, imageId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM deployments
     WHERE (image_id = $1 OR seed_image_id = $1) AND image_removed_at IS NULL LIMIT 1`,
    [imageId],
  );
  return rows.length > 0;
}
