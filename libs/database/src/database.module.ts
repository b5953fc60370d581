import { DatabaseConfig, DatabaseTimeoutConfig } from '@nexos/config';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from './data-source.js';
import { Leases } from './leases/lease.js';
import { LeaseTable } from './leases/lease-table.js';
import { UnitOfWork } from './unit-of-work.js';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig, { token: DatabaseTimeoutConfig, optional: true }],
      useFactory: (config: DatabaseConfig, timeout?: DatabaseTimeoutConfig) => ({
        ...dataSourceOptions(config, timeout?.timeoutMs),
        retryAttempts: 30,
        retryDelay: 1_000,
      }),
    }),
  ],
  providers: [UnitOfWork],
  exports: [UnitOfWork],
})
export class DatabaseModule {}

/** Leases of environments, projects and executions, for workers that change the engine. */
@Module({ imports: [DatabaseModule], providers: [LeaseTable, Leases], exports: [Leases] })
export class LeaseModule {}
