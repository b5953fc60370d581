import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The lines of one writer of an execution's log, archived when the writer ends and kept as long as the execution. */
@Entity('execution_logs')
export class ExecutionLogEntity {
  @PrimaryColumn('text', { name: 'execution_id' })
  ownerId!: string;

  @PrimaryColumn('integer')
  writer!: number;

  /** JSON lines, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
