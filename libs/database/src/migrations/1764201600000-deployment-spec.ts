import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores the services, variables, build arguments and hooks of each deployment in the deployment. */
export class DeploymentSpec1764201600000 implements MigrationInterface {
  name = 'DeploymentSpec1764201600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE deployments SET spec = jsonb_build_object(
         'build_args', '{}'::jsonb,
         'env', '{}'::jsonb,
         'hooks', '{"on_deploy": null, "on_new": null, "seed": null}'::jsonb,
         'services', jsonb_build_object(
           'postgres', service_postgres, 'redis', service_redis, 's3', service_s3)
       ) || spec
       FROM projects WHERE projects.id = deployments.project_id`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE deployments SET spec = spec - '{build_args,env,hooks,services}'::text[]`);
  }
}
