import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records the project of each record in an engine's build cache. */
export class BuildCacheRecords1764720000000 implements MigrationInterface {
  name = 'BuildCacheRecords1764720000000';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign key, because the records of a deleted project are removed later.
    await runner.query(
      `CREATE TABLE build_cache_records (
         engine_id text NOT NULL,
         id text NOT NULL,
         project_id text NOT NULL,
         PRIMARY KEY (engine_id, id)
       )`,
    );
    await runner.query(`CREATE INDEX build_cache_records_project_id_idx ON build_cache_records (project_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE build_cache_records`);
  }
}
