import { type ServiceKind } from '@nexos/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one service of a project takes, as the lifecycle workers are configured. Quotas count with it. */
@Entity('service_sizes')
export class ServiceSizeEntity {
  @PrimaryColumn('text')
  kind!: ServiceKind;

  /** Its CPU limit in cores. Postgres returns exact numbers as text. */
  @Column('numeric')
  cpu!: string;

  /** What it reserves from its next start on, in MiB. */
  @Column('integer', { name: 'memory_mb' })
  memoryMb!: number;
}
