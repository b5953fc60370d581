import { type BuildMinutesLevel, type OwnLimits, type PlanName } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An owner of projects. Every other row belongs to an account. */
@Entity('accounts')
@Index('accounts_local_name_key', ['name'], { unique: true, where: 'github_id IS NULL' })
@Index('accounts_build_minutes_level_idx', ['id'], { where: `build_minutes_level <> 'ok'` })
export class AccountEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text', { default: 'free' })
  plan!: PlanName;

  /** Single limits that an operator has set, which win over those of the plan. */
  @Column('jsonb', { default: {} })
  limits!: OwnLimits;

  /** The last level of its build minutes that an event told of. */
  @Column('text', { name: 'build_minutes_level', default: 'ok' })
  buildMinutesLevel!: BuildMinutesLevel;

  /** Operators manage nodes, which all accounts share. */
  @Column('boolean', { name: 'is_operator', default: false })
  isOperator!: boolean;

  /** GitHub's numeric id of the user; null for an account created on the command line. */
  @Column('bigint', { name: 'github_id', nullable: true, unique: true })
  githubId!: string | null;

  @Column('text', { name: 'github_login', nullable: true })
  githubLogin!: string | null;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
