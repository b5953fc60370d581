import type { SnapshotQuery } from '@nexos/database';
import { type ServiceKind } from '@nexos/domain';

/** A service with data on a node. */
export interface BackedUpService {
  readonly projectId: string;
  readonly kind: ServiceKind;
  readonly nodeId: string;
  readonly imageId: string;
  readonly volumeSuffix: string | null;
  readonly sealedPassword: string;
}

/** What a backup takes from the engine, by the rows of one snapshot. */
export interface BackedUpRows {
  readonly services: readonly BackedUpService[];
  /** The images that exist on one node only. */
  readonly images: readonly { readonly id: string; readonly nodeId: string }[];
}

/** Reads which volumes and images belong to a snapshot. */
export async function readBackedUpRows(query: SnapshotQuery): Promise<BackedUpRows> {
  const services = await query(`SELECT project_id AS "projectId", kind, node_id AS "nodeId",
      image_id AS "imageId", volume_suffix AS "volumeSuffix", sealed_password AS "sealedPassword"
    FROM project_services WHERE node_id IS NOT NULL ORDER BY project_id, kind`);
  const images = await query(`SELECT DISTINCT image AS id, image_node_id AS "nodeId"
    FROM deployments, unnest(container_image_ids || ARRAY[image_id, seed_image_id, hook_image_id]) AS image
    WHERE image IS NOT NULL AND image_node_id IS NOT NULL AND image_removed_at IS NULL ORDER BY image`);
  return {
    services: services as unknown as BackedUpService[],
    images: images as unknown as BackedUpRows['images'],
  };
}

/**
 * Moves what was on one Swarm node to another, after its volumes and images were restored there.
 *
 * @param query runs a statement in the transaction that loads the rows
 */
export async function moveRowsToNode(
  query: (sql: string, values: unknown[]) => Promise<unknown>,
  from: string,
  to: string,
): Promise<void> {
  await query('UPDATE project_services SET node_id = $2 WHERE node_id = $1', [from, to]);
  await query('UPDATE deployments SET image_node_id = $2 WHERE image_node_id = $1', [from, to]);
}
