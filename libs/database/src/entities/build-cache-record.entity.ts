import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The project that a record of an engine's build cache was created for, which the engine does not know. */
@Entity('build_cache_records')
export class BuildCacheRecordEntity {
  @PrimaryColumn('text', { name: 'engine_id' })
  engineId!: string;

  @PrimaryColumn('text')
  id!: string;

  /** The project may be deleted already; its records are removed later. */
  @Index('build_cache_records_project_id_idx')
  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' })
  recordedAt!: Date;
}
