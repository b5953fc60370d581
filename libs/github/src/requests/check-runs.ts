import type { CheckReport } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { GithubRequests, type RepositoryAccess } from './github-requests.js';

/** What identifies a check run: it never changes. */
export interface CheckIdentity {
  readonly name: string;
  readonly commitSha: string;
  /** Our own id of it. */
  readonly externalId: string;
  /** Where its link leads; null for its own page. */
  readonly url: string | null;
}

export interface CreatedCheck {
  readonly id: number;
  /** Its page; null when GitHub does not say. */
  readonly url: string | null;
}

const MAX_PAGE = 100;

/** Check runs of commits (https://docs.github.com/en/rest/checks/runs). All methods throw `GithubRequestError`. */
@Injectable()
export class CheckRuns {
  constructor(private readonly requests: GithubRequests) {}

  /** Finds a check run by our own id of it. */
  async find(access: RepositoryAccess, identity: CheckIdentity): Promise<CreatedCheck | null> {
    const { name, commitSha, externalId } = identity;
    const appId = await this.requests.appId();
    const { check_runs: runs } = await this.requests.send(
      access,
      'checks',
      'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
      {
        ref: commitSha,
        check_name: name,
        filter: 'all',
        per_page: MAX_PAGE,
        ...(appId !== null && { app_id: appId }),
      },
    );
    const found = runs.find((run) => run.external_id === externalId);
    return found === undefined ? null : { id: Number(found.id), url: found.html_url };
  }

  async create(
    access: RepositoryAccess,
    { name, commitSha, externalId, url }: CheckIdentity,
    report: CheckReport,
  ): Promise<CreatedCheck> {
    const route = 'POST /repos/{owner}/{repo}/check-runs';
    const created = await this.requests.send(access, 'checks', route, {
      name,
      head_sha: commitSha,
      external_id: externalId,
      ...(url !== null && { details_url: url }),
      ...changing(report),
    });
    return { id: Number(created.id), url: created.html_url };
  }

  async update(access: RepositoryAccess, id: number, report: CheckReport): Promise<void> {
    const route = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
    await this.requests.send(access, 'checks', route, { check_run_id: id, ...changing(report) });
  }
}

/** Returns the fields of a report; a conclusion makes a check run completed. */
function changing({ status, conclusion, startedAt, completedAt, title, summary, text }: CheckReport) {
  return {
    status,
    ...(startedAt !== null && { started_at: startedAt }),
    ...(conclusion !== null && { conclusion }),
    ...(conclusion !== null && completedAt !== null && { completed_at: completedAt }),
    output: { title, summary, ...(text !== null && { text }) },
  };
}
