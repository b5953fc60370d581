import { type BuildUse } from '@nexos/domain';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** An environment variable of a project's apps. The value is sealed, with the id of the row as additional data. */
@Entity('env_vars')
@Unique('env_vars_project_id_key_branch_key', ['projectId', 'key', 'branch'])
export class EnvVarEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  key!: string;

  /** A glob of the branches it applies to; empty: all. */
  @Column('text', { default: '' })
  branch!: string;

  @Column('text', { name: 'sealed_value' })
  sealedValue!: string;

  /** Whether logs must not show the value. */
  @Column('boolean', { name: 'secret', default: true })
  isSecret!: boolean;

  /** How builds get it; null: not at all. */
  @Column('text', { nullable: true })
  build!: BuildUse | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
