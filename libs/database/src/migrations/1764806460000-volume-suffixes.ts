import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names the volume of each incarnation of a service differently; existing volumes keep their names. */
export class VolumeSuffixes1764806460000 implements MigrationInterface {
  name = 'VolumeSuffixes1764806460000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE project_services ADD COLUMN volume_suffix text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE project_services DROP COLUMN volume_suffix`);
  }
}
