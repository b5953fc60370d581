import type { Hooks, SharedServices } from '../deployments/deployment-spec.js';

/** What the file in a repository's root says about how a commit is built and run; what it leaves out stays as it is. */
export interface RepositoryConfig {
  readonly build?: {
    readonly dockerfile?: string;
    readonly context?: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly app?: {
    readonly port?: number;
    readonly cpu?: number;
    readonly memory_mb?: number;
    readonly health_check_path?: string;
  };
  readonly services?: Partial<SharedServices>;
  readonly env?: Readonly<Record<string, string>>;
  readonly hooks?: {
    readonly on_deploy?: NonNullable<Hooks['on_deploy']>;
    readonly on_new?: NonNullable<Hooks['on_new']>;
    readonly seed?: string;
  };
}
