import { DatabaseConfig, DatabaseTimeoutConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AccountTurns } from './account-turns.js';

/** How many times as long as for the database a request waits for the turn of its account. */
const TURN = 3;
/** Part of the database's time to wait for a lock: at its end, a connection is closed and the reason unknown. */
const LOCK = 2 / 3;

/** Provides the turns of accounts, which all features of the process share. */
@Module({
  imports: [StateModule],
  providers: [
    {
      provide: AccountTurns,
      inject: [UnitOfWork, DatabaseConfig, DatabaseTimeoutConfig],
      useFactory: (
        unitOfWork: UnitOfWork,
        { poolSize }: DatabaseConfig,
        { timeoutMs }: DatabaseTimeoutConfig,
      ) =>
        new AccountTurns(unitOfWork, {
          accounts: Math.max(1, Math.floor(poolSize / 2)),
          waitMs: TURN * timeoutMs,
          lockMs: Math.floor(LOCK * timeoutMs),
        }),
    },
  ],
  exports: [AccountTurns],
})
export class AccountTurnsModule {}
