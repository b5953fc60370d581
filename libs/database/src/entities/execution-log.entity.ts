import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The lines of one writer of an execution's log, archived when the writer ends and kept as long as the execution. */
@Entity('execution_logs')
export class ExecutionLogEntity {
  @PrimaryColumn('text', { name: 'execution_id' })
  ownerId!: string;

  @PrimaryColumn('integer')
  writer!: number;

  /** JSON lines, compressed with gzip in frames: members of the gzip format that can be decompressed one by one. */
  @Column('bytea')
  content!: Buffer;

  /**
   * The number of the last line of each frame, followed by where the frame ends in the content. Null in archives of
   * earlier versions, which are one frame.
   */
  @Column('integer', { array: true, nullable: true })
  frames!: number[] | null;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
