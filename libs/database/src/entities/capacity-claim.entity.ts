import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * What a worker is about to start in an environment, which keeps room for it until Swarm has its task. Counts only while
 * that worker holds the environment's lease.
 */
@Entity('capacity_claims')
@Index('capacity_claims_deployment_id_idx', ['deploymentId'])
@Index('capacity_claims_environment_id_key', ['environmentId'], { unique: true })
export class CapacityClaimEntity {
  /** Earlier claims come first. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  /** The lease under which it was made. */
  @Column('bigint', { name: 'lease_epoch' })
  leaseEpoch!: string;

  @Column('text', { name: 'deployment_id' })
  deploymentId!: string;
}
