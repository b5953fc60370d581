import { Column, Entity, PrimaryColumn } from 'typeorm';

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

  /** When it was gone from the Swarm. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  @Column('timestamptz', { name: 'joined_at' })
  joinedAt!: Date;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
