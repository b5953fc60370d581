import { DatabaseConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AccountTurns } from './account-turns.js';

const WAIT_MS = 10_000;
/** Shorter than `DATABASE_TIMEOUT_MS`, after which a connection is closed and the reason unknown. */
const LOCK_MS = 2_000;

/** Provides the turns of accounts, which all features of the process share. */
@Module({
  imports: [StateModule],
  providers: [
    {
      provide: AccountTurns,
      inject: [UnitOfWork, DatabaseConfig],
      useFactory: (unitOfWork: UnitOfWork, { poolSize }: DatabaseConfig) =>
        new AccountTurns(unitOfWork, {
          accounts: Math.max(1, Math.floor(poolSize / 2)),
          waitMs: WAIT_MS,
          lockMs: LOCK_MS,
        }),
    },
  ],
  exports: [AccountTurns],
})
export class AccountTurnsModule {}
