import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The agent of one machine. */
@Entity('agents')
export class AgentEntity {
  /** The machine's node id in the Swarm. */
  @PrimaryColumn('text')
  machine!: string;

  /** When its last report arrived. */
  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
