import { APP_CONTAINER } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The owner of a host name. Other accounts cannot take a released one for a while. */
@Entity('hostnames')
@Index('hostnames_container_key', ['environmentId', 'container'], { unique: true })
export class HostnameEntity {
  @PrimaryColumn('text')
  hostname!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text', { name: 'environment_id', nullable: true })
  environmentId!: string | null;

  /** The container of the environment that it leads to. */
  @Column('text', { default: APP_CONTAINER })
  container!: string;

  @Index('hostnames_released_at_idx')
  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt!: Date | null;
}
