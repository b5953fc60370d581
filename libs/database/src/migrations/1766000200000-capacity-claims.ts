import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps room for versions whose hooks run, until Swarm has their tasks. */
export class CapacityClaims1766000200000 implements MigrationInterface {
  name = 'CapacityClaims1766000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE capacity_claims (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        environment_id text NOT NULL REFERENCES environments ON DELETE CASCADE,
        lease_epoch bigint NOT NULL,
        deployment_id text NOT NULL REFERENCES deployments ON DELETE CASCADE
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX capacity_claims_environment_id_key ON capacity_claims (environment_id)`,
    );
    await runner.query(`CREATE INDEX capacity_claims_deployment_id_idx ON capacity_claims (deployment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE capacity_claims`);
  }
}
