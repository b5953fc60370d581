import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong secrets of API keys can be told without a slow hash. Existing keys get their fingerprint with their next use. */
export class KeyFingerprints1767900060000 implements MigrationInterface {
  name = 'KeyFingerprints1767900060000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys ADD COLUMN secret_fingerprint text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys DROP COLUMN secret_fingerprint');
  }
}
