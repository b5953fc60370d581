import type { DeploymentStatus } from '../deployments/deployment-state.js';

/** What GitHub is told about: a check run, the comment on the pull requests of a branch, a deployment, or a skipped push. */
export const GITHUB_REPORT_KINDS = ['check', 'comment', 'deployment', 'skip'] as const;
export type GithubReportKind = (typeof GITHUB_REPORT_KINDS)[number];

/** A push that was not deployed. */
export interface SkippedPush {
  readonly commitSha: string;
  /** A reason of a delivery, such as `skip_mark`. */
  readonly reason: string;
}

/** A deployment as the database has it. */
export interface ReportedDeployment {
  readonly id: string;
  readonly status: DeploymentStatus;
  /** Null until a builder has looked it up. */
  readonly commitSha: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  /** Why it was not built; null otherwise. */
  readonly skipReason: string | null;
  /** ISO 8601. */
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly liveAt: string | null;
  readonly finishedAt: string | null;
  /** From the request until it was live; null if it never was. */
  readonly secondsToLive: number | null;
  /** From the request until its end; null while it has not ended. */
  readonly secondsToEnd: number | null;
}

/** Returns the name of a project's check runs and of its environment on GitHub, which never changes. */
export function githubContext(projectSlug: string): string {
  return `nexos/${projectSlug}`;
}

/** Returns the seconds that a deployment took; null while it has not ended. A version that was live took until then. */
export function reportedSeconds({ secondsToLive, secondsToEnd }: ReportedDeployment): number | null {
  return secondsToLive ?? secondsToEnd;
}
