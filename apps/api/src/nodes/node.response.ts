import type { NodeEntity } from '@nexos/database';

/** `removing`: it is being taken out; otherwise Swarm's own word. */
export const NODE_STATUSES = ['ready', 'down', 'unknown', 'disconnected', 'removing'] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** A machine on the wire. */
export interface NodeResponse {
  id: string;
  hostname: string;
  role: 'manager' | 'worker';
  status: NodeStatus;
  /** `drain`: nothing new comes to it. */
  availability: string;
  is_leader: boolean;
  address: string;
  /** Cores. */
  cpu: number;
  memory_mb: number;
  engine_version: string;
  joined_at: string;
  last_seen_at: string;
}

/** What a machine needs to join. */
export interface JoinTokenResponse {
  /** A secret: whoever has it can join. */
  token: string;
  /** `host:port` */
  manager_address: string;
  /** To be run on the machine that is to join. */
  command: string;
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
