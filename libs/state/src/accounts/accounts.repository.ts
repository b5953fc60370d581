import { AccountEntity, UnitOfWork } from '@nexos/database';
import { newId, type PlanName } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

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

/** An account's current usage, and its build minutes in this calendar month (UTC). */
export interface AccountUsage {
  readonly projects: number;
  /** CPU cores of all containers of running environments. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** Minutes of ended and running builds; only the sum is rounded up. */
  readonly buildMinutes: number;
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

  /** Returns an account's usage. A build counts from its claim to its end, in the month in which it began. */
  async usageOf(id: string): Promise<AccountUsage> {
    const [row] = await this.unitOfWork.manager.query<AccountUsage[]>(
      `SELECT
         (SELECT count(*)::integer FROM projects WHERE account_id = $1 AND status <> 'deleted') AS projects,
         coalesce(running.cpu, 0) AS cpu,
         coalesce(running.memory_mb, 0)
           + (SELECT coalesce(sum(service.memory_mb), 0)::integer FROM project_services service
              WHERE service.project_id IN (
                SELECT environments.project_id FROM environments
                JOIN projects ON projects.id = environments.project_id
                WHERE projects.account_id = $1 AND environments.status = 'running')) AS "memoryMb",
         (SELECT coalesce(ceil(sum(extract(epoch FROM
                  coalesce(built_at, finished_at, now()) - started_at)) / 60), 0)::integer
          FROM deployments JOIN projects ON projects.id = deployments.project_id
          WHERE projects.account_id = $1
            AND started_at >= date_trunc('month', now(), 'UTC')) AS "buildMinutes"
       FROM (SELECT sum((container->>'cpu')::numeric)::float8 AS cpu,
                    sum((container->>'memory_mb')::integer)::integer AS memory_mb
             FROM environments
             JOIN projects ON projects.id = environments.project_id
             JOIN deployments ON deployments.id = environments.live_deployment_id
             CROSS JOIN LATERAL jsonb_array_elements(
               jsonb_build_array(deployments.spec) || coalesce(deployments.spec->'containers', '[]')) AS container
             WHERE projects.account_id = $1 AND environments.status IN ('running', 'pausing', 'resuming')) running`,
      [id],
    );
    if (row === undefined) throw new Error('the usage could not be computed');
    return row;
  }
}
