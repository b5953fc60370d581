import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A project's credentials for a registry. The password is sealed, with the id of the row as additional data. */
@Entity('registries')
@Unique('registries_project_id_host_key', ['projectId', 'host'])
export class RegistryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  /** `host[:port]` in lower case; Docker Hub is `docker.io`. */
  @Column('text')
  host!: string;

  @Column('text', { name: 'username' })
  user!: string;

  @Column('text', { name: 'sealed_password' })
  sealedPassword!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
