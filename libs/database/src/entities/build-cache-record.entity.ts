import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Which project a record of an engine's build cache came into being for: the engine does not know. */
@Entity('build_cache_records')
export class BuildCacheRecordEntity {
  @PrimaryColumn('text', { name: 'engine_id' })
  engineId!: string;

  @PrimaryColumn('text')
  id!: string;

  /** The project may be gone: its records go after it. */
  @Index('build_cache_records_project_id_idx')
  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' })
  recordedAt!: Date;
}
