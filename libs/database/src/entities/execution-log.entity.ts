import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one writer wrote into an execution's log, kept once that writer was done and for as long as the execution is. */
@Entity('execution_logs')
export class ExecutionLogEntity {
  @PrimaryColumn('text', { name: 'execution_id' })
  ownerId!: string;

  @PrimaryColumn('integer')
  writer!: number;

  /** Lines as JSON, one to a line, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
