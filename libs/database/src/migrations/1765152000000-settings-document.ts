import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Maps the old columns of a project to its settings, with the defaults at the time of this migration. */
const COLUMNS = [
  ['dockerfile', `coalesce(settings->>'dockerfile', 'Dockerfile')`, 'text'],
  ['build_context', `coalesce(settings->>'build_context', '.')`, 'text'],
  ['build_timeout_seconds', `coalesce((settings->>'build_timeout_seconds')::integer, 900)`, 'integer'],
  [
    'service_postgres',
    `coalesce(jsonb_typeof(settings->'services'->'postgres') = 'object', false)`,
    'boolean',
  ],
  ['service_redis', `coalesce(jsonb_typeof(settings->'services'->'redis') = 'object', false)`, 'boolean'],
  ['service_s3', `coalesce(jsonb_typeof(settings->'services'->'s3') = 'object', false)`, 'boolean'],
  ['port', `coalesce((settings->>'port')::integer, 3000)`, 'integer'],
  ['health_check_path', `coalesce(settings->>'health_check_path', '/')`, 'text'],
  ['cpu', `coalesce((settings->>'cpu')::real, 0.5)`, 'real'],
  ['memory_mb', `coalesce((settings->>'memory_mb')::integer, 512)`, 'integer'],
] as const;

const CHECKS = [
  ['build_timeout_seconds', 'build_timeout_seconds > 0'],
  ['port', 'port BETWEEN 1 AND 65535'],
  ['cpu', 'cpu > 0'],
  ['memory_mb', 'memory_mb > 0'],
] as const;

/** Moves values that differ from the default, because the columns do not show which values were set explicitly. */
const WITHOUT_DEFAULTS = `
  UPDATE projects SET settings = jsonb_strip_nulls(jsonb_build_object(
    'dockerfile', nullif(dockerfile, 'Dockerfile'),
    'build_context', nullif(build_context, '.'),
    'build_timeout_seconds', nullif(build_timeout_seconds, 900),
    'port', nullif(port, 3000),
    'cpu', nullif(cpu, 0.5::real),
    'memory_mb', nullif(memory_mb, 512),
    'health_check_path', nullif(health_check_path, '/'),
    'services', nullif(jsonb_strip_nulls(jsonb_build_object(
      'postgres', CASE WHEN service_postgres THEN '{}'::jsonb END,
      'redis', CASE WHEN service_redis THEN '{}'::jsonb END,
      's3', CASE WHEN service_s3 THEN '{}'::jsonb END)), '{}')))`;

const servicesWith = (from: string, to: string, having: string) => `
  UPDATE deployments SET spec = jsonb_set(spec, '{services}', (
    SELECT jsonb_object_agg(key, CASE WHEN ${from} THEN '${to}'::jsonb ELSE value END)
    FROM jsonb_each(spec->'services')))
  WHERE spec @? '$.services.* ? (${having})'`;

/**
 * Stores the explicitly set settings of a project in one document. The old columns stay for workers of the previous
 * version, which name them in every query; they are generated from the document, so that both always agree.
 */
export class SettingsDocument1765152000000 implements MigrationInterface {
  name = 'SettingsDocument1765152000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE projects ADD COLUMN settings jsonb NOT NULL DEFAULT '{}'
         CONSTRAINT projects_settings_check CHECK (jsonb_typeof(settings) = 'object')`,
    );
    await runner.query(WITHOUT_DEFAULTS);
    const dropped = COLUMNS.map(([name]) => `DROP COLUMN ${name}`);
    await runner.query(`ALTER TABLE projects ${dropped.join(', ')}`);
    const computed = COLUMNS.map(
      ([name, value, type]) => `ADD COLUMN ${name} ${type} GENERATED ALWAYS AS (${value}) STORED`,
    );
    await runner.query(`ALTER TABLE projects ${computed.join(', ')}`);
    await runner.query(servicesWith(`value = 'true'`, '{}', '@ == true'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(servicesWith(`jsonb_typeof(value) = 'object'`, 'true', `@.type() == "object"`));
    const kept = COLUMNS.flatMap(([name]) => [
      `ALTER COLUMN ${name} DROP EXPRESSION`,
      `ALTER COLUMN ${name} SET NOT NULL`,
    ]);
    const checks = CHECKS.map(([name, rule]) => `ADD CONSTRAINT projects_${name}_check CHECK (${rule})`);
    await runner.query(`ALTER TABLE projects ${[...kept, ...checks].join(', ')}`);
    await runner.query(`ALTER TABLE projects DROP COLUMN settings`);
  }
}
