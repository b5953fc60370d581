import { MAX_BACKUPS } from '@nexos/state';
import { expect } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { newVersion, statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

/** The seed prints something before it ends, so that a worker can crash while it runs. */
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
const SERVICES = { services: { postgres: true, redis: true, s3: false }, memory_mb: 128 };

/** One that replaces its predecessor, and one with a host name of its own; both run the app's image. */
const SEVERAL = `
containers:
  - {name: worker, port: 3002, overlap: false, depends_on: [api], cpu: 1, memory_mb: 128}
  - {name: api, port: 3001, public: true, cpu: 1, memory_mb: 128}
`;

let count = 0;

/** The expected content of one of an environment's databases. */
interface Database {
  note: string;
  /** The hooks that ran in it. */
  readonly hooks: string[];
}

/** An environment, and the content that its user expects. */
export class Subject {
  version = '';
  database: Database = { note: '', hooks: [] };
  /** Those that can be restored, the latest last. */
  readonly backups: Database[] = [];
  private known: Environment | undefined;

  constructor(
    private readonly nexos: NexosStack,
    readonly project: TestProject,
    readonly branch: string,
    readonly hasSeveral = false,
  ) {}

  static async inNewProject(nexos: NexosStack): Promise<Subject> {
    return new Subject(nexos, await TestProject.create(nexos, SERVICES), 'main');
  }

  /** Returns a subject on another branch of the same project. */
  onAnotherBranch(branch: string, hasSeveral = false): Subject {
    return new Subject(this.nexos, this.project, branch, hasSeveral);
  }

  get environment(): Environment {
    if (this.known === undefined) throw new Error(`${this.branch} has no environment yet`);
    return this.known;
  }

  get id(): string {
    return this.environment.id;
  }

  /** Pushes a version that should go live, the first time with all files. */
  async push(): Promise<void> {
    this.version = `version ${++count}`;
    const files = this.known === undefined ? statefulApp(this.version) : newVersion(this.version);
    const config = `${HOOKS['nexos.yaml']}${this.hasSeveral ? SEVERAL : ''}`;
    await this.project.push({ ...files, ...HOOKS, 'nexos.yaml': config }, { branch: this.branch });
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

  /** Writes one row that distinguishes this database from any other. */
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
    this.backups.push(this.database);
    if (this.backups.length > MAX_BACKUPS) this.backups.shift();
    this.database = { note: '', hooks: ['deploy', 'new'] };
  }

  async restore(): Promise<void> {
    await this.act('restore');
    const back = this.backups.pop();
    if (back === undefined) throw new Error('there is no backup to restore');
    this.backups.push(this.database);
    this.database = back;
    back.hooks.push('deploy');
  }

  /** Expires all backups, as if a week had passed. */
  async expireBackups(): Promise<void> {
    this.backups.length = 0;
    await this.nexos.column('UPDATE database_backups SET expires_at = now() WHERE environment_id = $1', [
      this.id,
    ]);
  }

  /** Returns what the app answers from inside its container. */
  async ask(question: { sql: string } | { redis: string[] }): Promise<unknown> {
    const { body } = await visit(this.environment.url, { body: JSON.stringify(question) });
    const answer = JSON.parse(body) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  /** Returns the first column of a query's rows. */
  async sql(text: string): Promise<unknown[]> {
    const rows = (await this.ask({ sql: text })) as Record<string, unknown>[];
    return rows.map((row) => Object.values(row)[0]);
  }

  /** Waits until the environment has this status and nothing is left to do. */
  async untilSettled(status: string): Promise<void> {
    let seen: unknown;
    await eventually(
      `${this.id} to be ${status} and settled, without a lease`,
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
