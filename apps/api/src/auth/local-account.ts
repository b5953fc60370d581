import { AccountEntity } from '@nexos/database';
import { newId, type PlanName } from '@nexos/domain';
import { IsNull, type EntityManager } from 'typeorm';

/** The account that the command line makes keys for, and whatever else is not signed in through GitHub. */
export interface LocalAccount {
  readonly name: string;
  readonly plan: PlanName;
  readonly isOperator: boolean;
}

/** The id of the account of that name, which is made if there is none. */
export async function ensureLocalAccount(manager: EntityManager, account: LocalAccount): Promise<string> {
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
