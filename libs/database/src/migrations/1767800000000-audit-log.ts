import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the audit log, whose rows nobody can change, and only retention can delete. */
export class AuditLog1767800000000 implements MigrationInterface {
  name = 'AuditLog1767800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        seq bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT now(),
        account_id text,
        project_id text,
        action text NOT NULL,
        actor text NOT NULL,
        actor_name text,
        address text,
        request_id text,
        subject text,
        before jsonb,
        after jsonb
      )`);
    await runner.query(`CREATE INDEX audit_log_account_id_idx ON audit_log (account_id, seq)`);
    await runner.query(`CREATE INDEX audit_log_subject_idx ON audit_log (subject, seq)`);
    await runner.query(`CREATE INDEX audit_log_project_id_idx ON audit_log (project_id, seq)`);
    await runner.query(`CREATE INDEX audit_log_actor_idx ON audit_log (actor, seq)`);
    await runner.query(`CREATE INDEX audit_log_address_idx ON audit_log (address, seq)`);
    await runner.query(`CREATE INDEX audit_log_action_idx ON audit_log (action, seq)`);
    await runner.query(`CREATE INDEX audit_log_at_idx ON audit_log (at)`);
    await runner.query(`CREATE INDEX audit_log_account_id_at_idx ON audit_log (account_id, at)`);
    // By account, since each has a retention of its own; kept_days is for lines without one.
    await runner.query(`
      CREATE FUNCTION delete_expired_audit_records(kept_days integer, plan_days jsonb, at_most integer) RETURNS integer
      LANGUAGE plpgsql AS $$
      DECLARE
        owner record;
        deleted integer;
        total integer;
      BEGIN
        DELETE FROM audit_log WHERE seq IN (
          SELECT seq FROM audit_log
          WHERE account_id IS NULL AND at < now() - make_interval(days => greatest(kept_days, 30))
          ORDER BY at LIMIT at_most);
        GET DIAGNOSTICS total = ROW_COUNT;
        FOR owner IN
          SELECT id, coalesce((limits->>'audit_retention_days')::integer, (plan_days->>plan)::integer, kept_days) AS days
          FROM accounts
        LOOP
          EXIT WHEN total >= at_most;
          DELETE FROM audit_log WHERE seq IN (
            SELECT seq FROM audit_log
            WHERE account_id = owner.id
              AND at < now() - make_interval(days => least(greatest(owner.days, 30), 36500))
            ORDER BY at LIMIT at_most - total);
          GET DIAGNOSTICS deleted = ROW_COUNT;
          total := total + deleted;
        END LOOP;
        RETURN total;
      END $$`);
    // The call stack tells who deletes: a setting that the function turns on could be turned on by accident. The search path
    // keeps functions of others from taking the place of these.
    await runner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      DECLARE
        stack text;
      BEGIN
        GET DIAGNOSTICS stack = PG_CONTEXT;
        IF TG_OP = 'DELETE' AND stack ~
            '\\nPL/pgSQL function delete_expired_audit_records\\(integer,jsonb,integer\\) line [0-9]+ at SQL statement' THEN
          RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit_log is append-only, so % is refused', TG_OP USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
    // A statement can be made to look like that function, so the age of the rows is checked as well, whoever deletes them.
    await runner.query(`
      CREATE FUNCTION refuse_early_audit_deletion() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF EXISTS (SELECT FROM gone WHERE at >= now() - interval '30 days') THEN
          RAISE EXCEPTION 'audit_log keeps each line for 30 days, so DELETE is refused'
            USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_kept AFTER DELETE ON audit_log REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_early_audit_deletion()`);
    await runner.query(`ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only`);
    await runner.query(`ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_kept`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_log`);
    await runner.query(`DROP FUNCTION refuse_audit_change()`);
    await runner.query(`DROP FUNCTION refuse_early_audit_deletion()`);
    await runner.query(`DROP FUNCTION delete_expired_audit_records(integer, jsonb, integer)`);
  }
}
