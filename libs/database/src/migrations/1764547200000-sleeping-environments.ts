import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets unused environments sleep after a time set by their project, until a request wakes them. */
export class SleepingEnvironments1764547200000 implements MigrationInterface {
  name = 'SleepingEnvironments1764547200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE projects
         ADD COLUMN sleep_after_minutes integer CHECK (sleep_after_minutes BETWEEN 5 AND 43200)`,
    );
    await runner.query(
      `CREATE INDEX projects_sleeping_idx ON projects (id) WHERE sleep_after_minutes IS NOT NULL`,
    );
    // No constraint ties "asleep" to a state: the previous version resumes environments without knowing the column.
    await runner.query(
      `ALTER TABLE environments
         ADD COLUMN asleep boolean NOT NULL DEFAULT false,
         ADD COLUMN last_request_at timestamptz,
         ADD COLUMN resumed_at timestamptz`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE environments DROP COLUMN asleep, DROP COLUMN last_request_at, DROP COLUMN resumed_at`,
    );
    await runner.query(`ALTER TABLE projects DROP COLUMN sleep_after_minutes`);
  }
}
