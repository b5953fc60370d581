import { IsInt, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** Where the truth is kept. */
export class DatabaseConfig {
  @Env('DATABASE_URL')
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// address' })
  url!: string;

  /** Connections that one process keeps at the most. */
  @Env('DATABASE_POOL_SIZE', 'integer')
  @IsInt()
  @Min(2)
  @Max(200)
  poolSize = 10;
}
