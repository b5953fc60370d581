import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the metered builds of a project took on one day (UTC). */
@Entity('build_usage')
export class BuildUsageEntity {
  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('date')
  day!: string;

  @PrimaryColumn('text', { name: 'project_id' })
  projectId!: string;

  /** Builds that began on the day. A build that begins again after its builder was lost counts once. */
  @Column('integer')
  builds!: number;

  /** Exact seconds; Postgres returns them as text. */
  @Column('numeric')
  seconds!: string;
}
