import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A secret that a Git host signs deliveries of one project with. It is sealed, with the id of the row as additional data.
 */
@Entity('webhook_secrets')
@Index('webhook_secrets_project_id_idx', ['projectId', 'id'])
@Index('webhook_secrets_current_key', ['projectId'], { unique: true, where: 'valid_until IS NULL' })
export class WebhookSecretEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text', { name: 'sealed_secret' })
  sealedSecret!: string;

  /** Null for the current one; a replaced one is valid a little longer. */
  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
