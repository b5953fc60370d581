import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something on a node that is being removed, and why the removal waits for it. */
export interface NodeRemaining {
  readonly projectId: string;
  /** Null for what all environments of the project share. */
  readonly environmentId: string | null;
  readonly reason: string;
}

/** A node of the Swarm, as a lifecycle worker last saw it. */
@Entity('nodes')
export class NodeEntity {
  @PrimaryColumn('text')
  id!: string;

  /** Id in the Swarm. */
  @Column('text', { name: 'swarm_id', unique: true })
  swarmId!: string;

  @Column('text')
  hostname!: string;

  @Column('text')
  role!: 'manager' | 'worker';

  /** As Swarm reports it: `ready`, `down`, `unknown` or `disconnected`. */
  @Column('text')
  state!: string;

  /** As Swarm reports it: `active`, `pause` or `drain`. */
  @Column('text')
  availability!: string;

  @Column('text')
  address!: string;

  @Column('real')
  cpus!: number;

  @Column('integer', { name: 'memory_mb' })
  memoryMb!: number;

  @Column('text', { name: 'engine_version' })
  engineVersion!: string;

  @Column('boolean', { name: 'is_leader' })
  isLeader!: boolean;

  @Column('timestamptz', { name: 'removal_requested_at', nullable: true })
  removalRequestedAt!: Date | null;

  /** Whether the removal goes on although data or the only copy of an image is lost with the node. */
  @Column('boolean', { name: 'removal_forced', default: false })
  removalForced!: boolean;

  /** What keeps the removal waiting, as last seen. */
  @Column('jsonb', { default: [] })
  remaining!: readonly NodeRemaining[];

  /** When an operator asked that the node take work again; null once it does. */
  @Column('timestamptz', { name: 'activation_requested_at', nullable: true })
  activationRequestedAt!: Date | null;

  /** When it was gone from the Swarm. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  @Column('timestamptz', { name: 'joined_at' })
  joinedAt!: Date;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
