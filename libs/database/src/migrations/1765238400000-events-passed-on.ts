import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records which events have been passed on to consumers, so that a sweep finds those whose job was lost. */
export class EventsPassedOn1765238400000 implements MigrationInterface {
  name = 'EventsPassedOn1765238400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['deployment_events', 'environment_events']) {
      await runner.query(`ALTER TABLE ${table} ADD COLUMN passed_on_at timestamptz`);
      await runner.query(`CREATE INDEX ${table}_left_idx ON ${table} (at) WHERE passed_on_at IS NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deployment_events', 'environment_events']) {
      await runner.query(`DROP INDEX ${table}_left_idx`);
      await runner.query(`ALTER TABLE ${table} DROP COLUMN passed_on_at`);
    }
  }
}
