import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The owner of a host name. Other accounts cannot take a released one for a while. */
@Entity('hostnames')
export class HostnameEntity {
  @PrimaryColumn('text')
  hostname!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Index('hostnames_environment_id_idx')
  @Column('text', { name: 'environment_id', nullable: true })
  environmentId!: string | null;

  @Index('hostnames_released_at_idx')
  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt!: Date | null;
}
