import { AccountEntity, UnitOfWork } from '@nexos/database';
import { type LimitName, type Limits, limitsOf, newId, type PlanName } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { findPage, type PageRequest } from '../page.js';
import { lockAccount } from '../quota/account-lock.js';
import { readUsage, type ReservedUsage } from '../quota/usage.js';

/** An account that does not sign in through GitHub, such as the command line's. */
export interface LocalAccount {
  readonly name: string;
  readonly plan: PlanName;
  readonly isOperator: boolean;
}

/** The GitHub profile of a user who signs in. */
export interface GithubAccount {
  /** The user's numeric id on GitHub. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly avatarUrl: string | null;
}

/** Accounts and their usage. */
@Injectable()
export class AccountsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(id: string): Promise<AccountEntity | null> {
    return this.unitOfWork.manager.findOneBy(AccountEntity, { id });
  }

  /** @throws when the account does not exist */
  get(id: string): Promise<AccountEntity> {
    return this.unitOfWork.manager.findOneByOrFail(AccountEntity, { id });
  }

  page(page: PageRequest): Promise<AccountEntity[]> {
    return findPage(this.unitOfWork.manager, AccountEntity, {}, page);
  }

  /** Returns the limits that apply to an account. */
  async limitsOf(id: string): Promise<Limits> {
    const { plan, limits } = await this.get(id);
    return limitsOf(plan, limits);
  }

  /** Waits for what is being admitted for an account, and keeps its row from changes until the transaction ends. */
  async lock(id: string): Promise<void> {
    await lockAccount(this.unitOfWork.manager, id);
  }

  /**
   * Sets the plan and single limits of an account. Waits for what is being admitted for it.
   *
   * @param plan null keeps it
   * @param limits null removes a single limit; those that are missing stay
   */
  async setLimits(
    id: string,
    plan: PlanName | null,
    limits: Partial<Record<LimitName, number | null>>,
  ): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE accounts SET plan = coalesce($2, plan), limits = jsonb_strip_nulls(limits || $3::jsonb) WHERE id = $1`,
      [id, plan, JSON.stringify(limits)],
    );
  }

  isOperator(id: string): Promise<boolean> {
    return this.unitOfWork.manager.existsBy(AccountEntity, { id, isOperator: true });
  }

  /** Returns whether there is more than one account. */
  async areSeveral(): Promise<boolean> {
    const rows = await this.unitOfWork.manager.query<unknown[]>('SELECT 1 FROM accounts LIMIT 2');
    return rows.length > 1;
  }

  /** Creates the account of that name unless it exists; returns its id. */
  async ensureLocal(account: LocalAccount): Promise<string> {
    const { manager } = this.unitOfWork;
    await manager
      .createQueryBuilder()
      .insert()
      .into(AccountEntity)
      .values({ ...account, id: newId('account') })
      .orIgnore()
      .execute();
    const { id } = await manager.findOneByOrFail(AccountEntity, { name: account.name, githubId: IsNull() });
    return id;
  }

  /** Creates the user's account at the first sign-in and updates it at later ones; returns its id. */
  async saveGithub(user: GithubAccount): Promise<string> {
    const [account] = await this.unitOfWork.manager.query<{ id: string }[]>(
      `INSERT INTO accounts (id, name, github_id, github_login, email, avatar_url)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (github_id) DO UPDATE SET name = excluded.name, github_login = excluded.github_login,
         email = excluded.email, avatar_url = excluded.avatar_url
       RETURNING id`,
      [newId('account'), user.name, user.id, user.login, user.email, user.avatarUrl],
    );
    if (account === undefined) throw new Error('an upsert returned no row');
    return account.id;
  }

  /** Returns what an account has reserved. */
  usageOf(id: string): Promise<ReservedUsage> {
    return readUsage(this.unitOfWork.manager, id);
  }
}
