import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The outcome of a delivery for one of the projects of its repository. */
@Entity('delivery_outcomes')
@Index('delivery_outcomes_delivery_seq_idx', ['deliverySeq'])
@Index('delivery_outcomes_deployment_id_idx', ['deploymentId'], { where: 'deployment_id IS NOT NULL' })
@Index('delivery_outcomes_in_doubt_idx', ['projectId'], { where: `outcome = 'in-doubt'` })
export class DeliveryOutcomeEntity {
  @PrimaryColumn('text', { name: 'project_id' })
  projectId!: string;

  @PrimaryColumn('bigint', { name: 'delivery_seq' })
  deliverySeq!: string;

  @Column('text')
  outcome!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { name: 'deployment_id', nullable: true })
  deploymentId!: string | null;
}
