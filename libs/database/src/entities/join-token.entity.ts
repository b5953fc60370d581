import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The data that a machine needs to join the Swarm, as a lifecycle worker last saw it. A single row. */
@Entity('swarm_entrance')
export class JoinTokenEntity {
  @PrimaryColumn('integer', { default: 1 })
  id!: number;

  @Column('text', { name: 'sealed_worker_token' })
  sealedWorkerToken!: string;

  /** `host:port` of a manager. */
  @Column('text', { name: 'manager_address' })
  managerAddress!: string;

  @Column('timestamptz', { name: 'observed_at', default: () => 'now()' })
  observedAt!: Date;
}
