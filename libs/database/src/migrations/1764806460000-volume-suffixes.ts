import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A service's volume has a name of its own in each life of the service; those that are there keep theirs. */
export class VolumeSuffixes1764806460000 implements MigrationInterface {
  name = 'VolumeSuffixes1764806460000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE project_services ADD COLUMN volume_suffix text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE project_services DROP COLUMN volume_suffix`);
  }
}
