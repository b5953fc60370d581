import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several containers per environment; everything that exists belongs to the app. */
export class Containers1766300000000 implements MigrationInterface {
  name = 'Containers1766300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE deployments ADD COLUMN container_image_ids text[] NOT NULL DEFAULT '{}'`);
    await runner.query(
      `CREATE INDEX deployments_container_images_idx ON deployments USING gin (container_image_ids)`,
    );
    await runner.query(`ALTER TABLE hostnames ADD COLUMN container text NOT NULL DEFAULT 'app'`);
    await runner.query(
      `CREATE UNIQUE INDEX hostnames_container_key ON hostnames (environment_id, container)`,
    );
    await runner.query(`DROP INDEX hostnames_environment_id_idx`);
    await runner.query(`ALTER TABLE container_runs ADD COLUMN container text NOT NULL DEFAULT 'app'`);
    await runner.query(`ALTER TABLE executions ADD COLUMN container text NOT NULL DEFAULT 'app'`);
    await runner.query(
      `CREATE TABLE container_health (
         environment_id text NOT NULL REFERENCES environments ON DELETE CASCADE,
         container text NOT NULL,
         deployment_id text NOT NULL,
         state text NOT NULL,
         message text NOT NULL,
         restarts integer NOT NULL DEFAULT 0,
         held_until timestamptz,
         PRIMARY KEY (environment_id, container),
         CHECK (state IN ('healthy', 'starting', 'crash_looping', 'out_of_memory', 'unreachable', 'unknown'))
       )`,
    );
    await runner.query(
      `INSERT INTO container_health (environment_id, container, deployment_id, state, message, restarts, held_until)
       SELECT environment_id, 'app', deployment_id, state, message, restarts, held_until FROM environment_health`,
    );
    // output_archives stays until no earlier release writes it.
    await runner.query(
      `CREATE TABLE container_outputs (
         deployment_id text NOT NULL REFERENCES deployments ON DELETE CASCADE,
         container text NOT NULL,
         content bytea NOT NULL,
         last_nanoseconds bigint NOT NULL,
         archived_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (deployment_id, container)
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE container_outputs`);
    await runner.query(`DROP TABLE container_health`);
    await runner.query(`ALTER TABLE executions DROP COLUMN container`);
    await runner.query(`DELETE FROM container_runs WHERE container <> 'app'`);
    await runner.query(`ALTER TABLE container_runs DROP COLUMN container`);
    await runner.query(`CREATE INDEX hostnames_environment_id_idx ON hostnames (environment_id)`);
    await runner.query(`DROP INDEX hostnames_container_key`);
    await runner.query(`DELETE FROM hostnames WHERE container <> 'app'`);
    await runner.query(`ALTER TABLE hostnames DROP COLUMN container`);
    await runner.query(`DROP INDEX deployments_container_images_idx`);
    await runner.query(`ALTER TABLE deployments DROP COLUMN container_image_ids`);
  }
}
