import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whoever owns projects. Every other row belongs to one. */
@Entity('accounts')
export class AccountEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { unique: true })
  name!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
