import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds events of deployments and environments: what happened, who did it, and why. */
export class Events1765065600000 implements MigrationInterface {
  name = 'Events1765065600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const subject of ['deployment', 'environment']) {
      await runner.query(`
        CREATE TABLE ${subject}_events (
          seq bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
          ${subject}_id text NOT NULL REFERENCES ${subject}s,
          project_id text NOT NULL REFERENCES projects,
          type text NOT NULL,
          data jsonb NOT NULL,
          actor text NOT NULL,
          reason text,
          at timestamptz NOT NULL DEFAULT now()
        )`);
      await runner.query(
        `CREATE INDEX ${subject}_events_${subject}_id_idx ON ${subject}_events (${subject}_id, seq)`,
      );
      await runner.query(`CREATE INDEX ${subject}_events_at_idx ON ${subject}_events (at)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE deployment_events, environment_events`);
  }
}
