import { type NodeEntity } from '@nexos/database';
import { ApiProperty } from '@nestjs/swagger';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** `removing`: it is being taken out; otherwise Swarm's own word. */
export const NODE_STATUSES = ['ready', 'down', 'unknown', 'disconnected', 'removing'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

const ROLES = ['manager', 'worker'] as const;

/** A machine on the wire. */
export class NodeResponse {
  @IdProperty('node')
  id!: string;

  @ApiProperty({ example: 'machine-1' })
  hostname!: string;

  @ApiProperty({ enum: ROLES })
  role!: (typeof ROLES)[number];

  @ApiProperty({ enum: NODE_STATUSES })
  status!: NodeStatus;

  @ApiProperty({ description: '`drain`: nothing new comes to it.', example: 'active' })
  availability!: string;

  @ApiProperty()
  is_leader!: boolean;

  @ApiProperty({ example: '10.0.0.1:2377' })
  address!: string;

  @ApiProperty({ type: 'number', description: 'Cores.', example: 4 })
  cpu!: number;

  @ApiProperty({ type: 'integer', example: 16_384 })
  memory_mb!: number;

  @ApiProperty({ example: '28.2.2' })
  engine_version!: string;

  @TimeProperty()
  joined_at!: string;

  @TimeProperty()
  last_seen_at!: string;
}

/** What a machine needs to join. */
export class JoinTokenResponse {
  @ApiProperty({ description: 'A secret.', example: 'SWMTKN-1-…' })
  token!: string;

  @ApiProperty({ description: '`host:port` of a manager.', example: '10.0.0.1:2377' })
  manager_address!: string;

  @ApiProperty({
    description: 'To be run on the machine that is to join.',
    example: 'docker swarm join --token SWMTKN-1-… 10.0.0.1:2377',
  })
  command!: string;
}

export function toNodeResponse(node: NodeEntity): NodeResponse {
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
    joined_at: node.joinedAt.toISOString(),
    last_seen_at: node.seenAt.toISOString(),
  };
}

function statusOf(state: string): NodeStatus {
  return NODE_STATUSES.find((status) => status === state) ?? 'unknown';
}
