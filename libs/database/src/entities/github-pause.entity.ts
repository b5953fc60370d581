import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Until when an installation of the GitHub App gets no requests, because GitHub limits them. */
@Entity('github_pauses')
export class GithubPauseEntity {
  @PrimaryColumn('bigint', { name: 'installation_id' })
  installationId!: string;

  @Column('timestamptz')
  until!: Date;
}
