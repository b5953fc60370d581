import { MAX_BACKUPS } from '@nexos/state';
import { expect } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { newVersion, statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

/** The seed says something before it is through, so that it can be met in the middle. */
const HOOKS = {
  'nexos.yaml': `hooks:
  on_deploy: node hook.js deploy
  on_new: [node, hook.js, new]
  seed: db/seed.sql
`,
  'db/seed.sql': `\\echo restoring
CREATE TABLE seeded (text text);
INSERT INTO seeded VALUES ('from the dump');
`,
};
const FAILING = { ...HOOKS, 'nexos.yaml': 'hooks: {on_deploy: node hook.js fails}' };
const SERVICES = { services: { postgres: true, redis: true, s3: false }, memory_mb: 128, cpu: 0.1 };

let count = 0;

/** What one database of an environment is to hold. */
interface Database {
  note: string;
  /** The hooks that ran in it. */
  readonly hooks: string[];
}

/** An environment, and what a user knows that it is to hold. */
export class Subject {
  version = '';
  database: Database = { note: '', hooks: [] };
  /** Those that can be brought back, the last one last. */
  readonly aside: Database[] = [];
  private known: Environment | undefined;

  constructor(
    private readonly nexos: NexosStack,
    readonly project: TestProject,
    readonly branch: string,
  ) {}

  static async inNewProject(nexos: NexosStack): Promise<Subject> {
    return new Subject(nexos, await TestProject.create(nexos, SERVICES), 'main');
  }

  /** In the same project. */
  onAnotherBranch(branch: string): Subject {
    return new Subject(this.nexos, this.project, branch);
  }

  get environment(): Environment {
    if (this.known === undefined) throw new Error(`${this.branch} has no environment yet`);
    return this.known;
  }

  get id(): string {
    return this.environment.id;
  }

  /** Pushes a version that is to go live; all of its files the first time. */
  async push(): Promise<void> {
    this.version = `version ${++count}`;
    const files = this.known === undefined ? statefulApp(this.version) : newVersion(this.version);
    await this.project.push({ ...files, ...HOOKS }, { branch: this.branch });
    if (this.known === undefined) this.database.hooks.push('deploy', 'new');
    else this.database.hooks.push('deploy');
    this.known = await this.project.environment(this.branch);
  }

  /** Pushes a version whose hook fails. */
  async pushFailing(): Promise<void> {
    await this.project.push({ ...newVersion(`version ${++count}`), ...FAILING }, { branch: this.branch });
  }

  async deploy(): Promise<void> {
    await this.push();
    await this.untilSettled('running');
    await this.writeNote();
  }

  /** A row that is there once, and tells this database from any other. */
  async writeNote(): Promise<void> {
    if (this.database.note !== '') return;
    this.database.note = `note ${++count}`;
    await this.sql(`CREATE TABLE notes AS SELECT '${this.database.note}' AS text`);
    expect(await this.ask({ redis: ['SET', 'note', 'kept'] })).toBe('OK');
  }

  async act(action: string): Promise<void> {
    await this.nexos.api.post(`/environments/${this.id}/${action}`);
  }

  async reset(): Promise<void> {
    await this.act('reset');
    this.aside.push(this.database);
    if (this.aside.length > MAX_BACKUPS) this.aside.shift();
    this.database = { note: '', hooks: ['deploy', 'new'] };
  }

  async restore(): Promise<void> {
    await this.act('restore');
    const back = this.aside.pop();
    if (back === undefined) throw new Error('there is no database to bring back');
    this.aside.push(this.database);
    this.database = back;
    back.hooks.push('deploy');
  }

  /** As if a week had gone by. */
  async expireBackups(): Promise<void> {
    this.aside.length = 0;
    await this.nexos.column('UPDATE database_backups SET expires_at = now() WHERE environment_id = $1', [
      this.id,
    ]);
  }

  /** What the app answers, from inside of its container. */
  async ask(question: { sql: string } | { redis: string[] }): Promise<unknown> {
    const { body } = await visit(this.environment.url, { body: JSON.stringify(question) });
    const answer = JSON.parse(body) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  /** The first column of what a query answers. */
  async sql(text: string): Promise<unknown[]> {
    const rows = (await this.ask({ sql: text })) as Record<string, unknown>[];
    return rows.map((row) => Object.values(row)[0]);
  }

  /** The status that it reads, once nothing is left to be done. */
  async untilSettled(status: string): Promise<void> {
    let seen: unknown;
    await eventually(
      `${this.id} to be ${status}, and nobody to work on it`,
      async () => {
        const [row] = await this.nexos.rows<{ status: string; settled: boolean; free: boolean }>(
          `SELECT status, generation = observed_generation AS settled, lease_until IS NULL AS free
           FROM environments WHERE id = $1`,
          [this.id],
        );
        seen = row;
        return row?.status === status && row.settled && row.free ? true : undefined;
      },
      { seen: () => seen },
    );
  }
}
