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
    // 30 days are the least, whatever a caller asks for.
    await runner.query(`
      CREATE FUNCTION delete_expired_audit_records(kept_days integer, at_most integer) RETURNS integer
      LANGUAGE plpgsql AS $$
      DECLARE
        deleted integer;
      BEGIN
        DELETE FROM audit_log WHERE seq IN (
          SELECT seq FROM audit_log WHERE at < now() - make_interval(days => greatest(kept_days, 30))
          ORDER BY at LIMIT at_most);
        GET DIAGNOSTICS deleted = ROW_COUNT;
        RETURN deleted;
      END $$`);
    // The call stack tells who deletes. A setting that the function turns on could be turned on by anyone.
    await runner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        stack text;
      BEGIN
        GET DIAGNOSTICS stack = PG_CONTEXT;
        IF TG_OP = 'DELETE' AND strpos(stack, 'delete_expired_audit_records(integer,integer)') > 0 THEN
          RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit_log is append-only, so % is refused', TG_OP USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
    await runner.query(`ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_log`);
    await runner.query(`DROP FUNCTION refuse_audit_change()`);
    await runner.query(`DROP FUNCTION delete_expired_audit_records(integer, integer)`);
  }
}
