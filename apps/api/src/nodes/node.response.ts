import { type NodeEntity } from '@nexos/database';
import { type NodeLosses } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { ProblemSubjectResponse } from '../http/openapi/problem.response.js';
import { TimeProperty } from '../http/openapi/time.property.js';
import { subjectsOf } from './node-losses.js';

/** `removing` while the node is being removed, otherwise Swarm's status. */
export const NODE_STATUSES = ['ready', 'down', 'unknown', 'disconnected', 'removing'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

const ROLES = ['manager', 'worker'] as const;

/** Something that keeps the removal of a node waiting. */
export class NodeRemainingResponse {
  @IdProperty('project')
  project_id!: string;

  @IdProperty('environment', { nullable: true, description: 'Null for what all environments share.' })
  environment_id!: string | null;

  @ApiProperty({ example: 'It is being moved to another node.' })
  reason!: string;
}

/** The removal of a node. */
export class NodeRemovalResponse {
  @TimeProperty()
  requested_at!: string;

  @ApiProperty({ description: 'Whether it goes on although `losses` are lost.' })
  forced!: boolean;

  @ApiProperty({
    type: [NodeRemainingResponse],
    description: 'What it waits for, as last seen. Empty shortly after the request.',
  })
  remaining!: NodeRemainingResponse[];

  @ApiProperty({
    type: [ProblemSubjectResponse],
    description:
      'What is lost with the node: projects with the data of their services, and environments with the only image of a version. Long lists are cut off.',
  })
  losses!: ProblemSubjectResponse[];
}

/** A node in a response. */
export class NodeResponse {
  @IdProperty('node')
  id!: string;

  @ApiProperty({ example: 'machine-1' })
  hostname!: string;

  @ApiProperty({ enum: ROLES })
  role!: (typeof ROLES)[number];

  @ApiProperty({ enum: NODE_STATUSES })
  status!: NodeStatus;

  @ApiProperty({
    description: '`active`, `pause` or `drain`. Only an active node gets new containers.',
    example: 'active',
  })
  availability!: string;

  @ApiProperty()
  is_leader!: boolean;

  @ApiProperty({ example: '10.0.0.1:2377' })
  address!: string;

  @ApiProperty({ type: 'number', description: 'Number of cores.', example: 4 })
  cpu!: number;

  @ApiProperty({ type: 'integer', example: 16_384 })
  memory_mb!: number;

  @ApiProperty({ example: '28.2.2' })
  engine_version!: string;

  @ApiProperty({ type: NodeRemovalResponse, nullable: true, example: null })
  removal!: NodeRemovalResponse | null;

  @TimeProperty()
  joined_at!: string;

  @TimeProperty()
  last_seen_at!: string;
}

/** The data that a machine needs to join. */
export class JoinTokenResponse {
  @ApiProperty({ description: 'The join token. Keep it secret.', example: 'SWMTKN-1-…' })
  token!: string;

  @ApiProperty({ description: 'Address of a manager, as `host:port`.', example: '10.0.0.1:2377' })
  manager_address!: string;

  @ApiProperty({
    description: 'The command to run on the machine that should become a node.',
    example: 'docker swarm join --token SWMTKN-1-… 10.0.0.1:2377',
  })
  command!: string;
}

/** A node, and what is lost with it if it is being removed. */
export interface NodeView {
  readonly id: string;
  readonly node: NodeEntity;
  readonly losses: NodeLosses | null;
}

export function toNodeResponse({ node, losses }: NodeView): NodeResponse {
  return {
    id: node.id,
    hostname: node.hostname,
    role: node.role,
    status: node.removalRequestedAt !== null ? 'removing' : statusOf(node.state),
    availability: node.availability,
    is_leader: node.isLeader,
    address: node.address,
    cpu: node.cpus,
    memory_mb: node.memoryMb,
    engine_version: node.engineVersion,
    removal:
      node.removalRequestedAt === null
        ? null
        : {
            requested_at: node.removalRequestedAt.toISOString(),
            forced: node.removalForced,
            remaining: node.remaining.map(({ projectId, environmentId, reason }) => ({
              project_id: projectId,
              environment_id: environmentId,
              reason,
            })),
            losses: losses === null ? [] : subjectsOf(losses),
          },
    joined_at: node.joinedAt.toISOString(),
    last_seen_at: node.seenAt.toISOString(),
  };
}

function statusOf(state: string): NodeStatus {
  return NODE_STATUSES.find((status) => status === state) ?? 'unknown';
}
