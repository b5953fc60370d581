import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores what agents report of apps' containers, and the health of environments that follows from it. */
export class EnvironmentHealth1765500000000 implements MigrationInterface {
  name = 'EnvironmentHealth1765500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE agents (
         machine text PRIMARY KEY,
         seen_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    await runner.query(
      `CREATE TABLE container_runs (
         id text PRIMARY KEY,
         started_at timestamptz NOT NULL,
         deployment_id text NOT NULL REFERENCES deployments ON DELETE CASCADE,
         machine text NOT NULL,
         name text NOT NULL,
         address text,
         out_of_memory_at timestamptz,
         ended_at timestamptz,
         ending text,
         exit_code integer,
         out_of_memory boolean,
         sealed_lines text,
         CHECK (ending IN ('exited', 'unhealthy', 'stopped', 'gone')),
         CHECK ((ended_at IS NULL) = (ending IS NULL))
       )`,
    );
    await runner.query(
      `CREATE INDEX container_runs_deployment_id_idx ON container_runs (deployment_id, started_at)`,
    );
    await runner.query(
      `CREATE INDEX container_runs_machine_idx ON container_runs (machine) WHERE ended_at IS NULL`,
    );
    await runner.query(
      `CREATE INDEX container_runs_ended_at_idx ON container_runs (ended_at) WHERE ended_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE TABLE environment_health (
         environment_id text PRIMARY KEY REFERENCES environments ON DELETE CASCADE,
         deployment_id text NOT NULL,
         state text NOT NULL,
         since timestamptz NOT NULL DEFAULT now(),
         message text NOT NULL,
         restarts integer NOT NULL DEFAULT 0,
         last_exit_at timestamptz,
         last_exit_code integer,
         last_exit_out_of_memory boolean,
         held_until timestamptz,
         CHECK (state IN ('healthy', 'starting', 'crash_looping', 'out_of_memory', 'unreachable', 'unknown'))
       )`,
    );
    await runner.query(
      `CREATE TABLE health_watch (
         id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
         owner text NOT NULL,
         until timestamptz NOT NULL
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE health_watch`);
    await runner.query(`DROP TABLE environment_health`);
    await runner.query(`DROP TABLE container_runs`);
    await runner.query(`DROP TABLE agents`);
  }
}
