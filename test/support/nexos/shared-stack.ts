import pg from 'pg';
import { inject } from 'vitest';
import { createRepository } from '../git-server/git-server.js';
import { checkResponsesOf, stopCheckingResponsesOf } from './checked-fetch.js';
import { DeployingInstallation } from './deploying-installation.js';
import { deleteProjects } from './test-project.js';

/** A running installation, as JSON. */
export interface RunningStack {
  readonly instance: string;
  readonly env: Readonly<Record<string, string>>;
  readonly git: { readonly root: string; readonly url: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    stacks: readonly RunningStack[];
  }
}

/**
 * The installation of this worker, for test files that kill nothing and need no settings of their own. Files use it one
 * after the other and find what earlier ones left, so a file counts only what belongs to its own projects.
 */
export class SharedStack extends DeployingInstallation {
  private constructor(
    running: RunningStack,
    database: pg.Client,
    private readonly git: RunningStack['git'],
  ) {
    super(running.instance, running.env, database, inject('system').template.key);
  }

  static async enter(): Promise<SharedStack> {
    const running = inject('stacks')[Number(process.env.VITEST_POOL_ID) - 1];
    if (running === undefined) throw new Error('there is no installation for this worker');
    const database = new pg.Client({ connectionString: running.env.DATABASE_URL });
    await database.connect();
    const stack = new SharedStack(running, database, running.git);
    await checkResponsesOf(stack.api.baseUrl);
    return stack;
  }

  createRepository(owner: string, name: string): Promise<string> {
    return createRepository(this.git, owner, name);
  }

  /** Requests the deletion of its remaining projects, without waiting for it. */
  async leave(): Promise<void> {
    await deleteProjects(this);
    stopCheckingResponsesOf(this.api.baseUrl);
    await this.database.end();
  }
}
