import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Postgres, which holds all state. */
export class DatabaseConfig {
  @Env('DATABASE_URL', 'Postgres, as `postgres://user:password@host:port/database`.')
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// address' })
  url!: string;

  @Env('DATABASE_POOL_SIZE', 'Maximum number of connections per process.', 'integer')
  @IsInt()
  @Min(2)
  @Max(200)
  poolSize = 10;
}
