import type { DeploymentStatus } from '../deployments/deployment-state.js';
import { durationText } from '../notifications/plain-text.js';
import { codeHtml, linkHtml } from './html-text.js';
import { reportedSeconds, type ReportedDeployment } from './report-facts.js';

const MAX_NAME = 100;
const SHORT_SHA = 7;
/** GitHub accepts 65,536 characters of a comment: more than that many rows. */
const MAX_ROWS = 50;

/** The newest environment of a branch in one project of the repository. */
export interface CommentRow {
  readonly project: string;
  readonly url: string;
  /** Whether it is destroyed, or being destroyed. */
  readonly isDestroyed: boolean;
  /** The newest deployment. */
  readonly deployment: ReportedDeployment;
  /** The commit that the URL serves; null when it serves none. */
  readonly liveSha: string | null;
  /** The page of its check run; null if it has no check run. */
  readonly checkUrl: string | null;
}

const STATUSES: Readonly<Record<DeploymentStatus, string>> = {
  queued: 'Queued',
  building: 'Building',
  deploying: 'Deploying',
  live: 'Live',
  replaced: 'Live',
  failed: 'Failed',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
};
const HEADERS = ['Project', 'Status', 'URL', 'Commit', 'Duration', 'Details'];

/** Returns the invisible first line of an account's comment, which the comment is found by. */
export function commentMarker(accountId: string): string {
  return `<!-- nexos:${accountId} -->`;
}

/**
 * Returns the comment on the pull requests of a branch: a table with a row per project.
 *
 * @param repositoryUrl the page of the repository
 */
export function commentReport(accountId: string, rows: readonly CommentRow[], repositoryUrl: string): string {
  const shown = rows.slice(0, MAX_ROWS).map((row) => tableRow('td', cellsOf(row, repositoryUrl)));
  const left = rows.length - shown.length;
  return [
    commentMarker(accountId),
    '<table>',
    tableRow('th', HEADERS),
    ...shown,
    '</table>',
    ...(left > 0 ? [`<p>and ${left} more</p>`] : []),
  ].join('\n');
}

function tableRow(element: 'th' | 'td', cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${element}>${cell}</${element}>`).join('')}</tr>`;
}

function cellsOf(row: CommentRow, repositoryUrl: string): string[] {
  const { project, url, isDestroyed, deployment, checkUrl } = row;
  const { commitSha } = deployment;
  return [
    codeHtml(project, MAX_NAME),
    statusOf(row),
    isDestroyed ? '' : linkHtml(url, codeHtml(url.replace(/^https?:\/\//, ''), MAX_NAME)),
    commitSha === null ? '' : commitHtml(commitSha, repositoryUrl),
    durationText(reportedSeconds(deployment)) ?? '',
    checkUrl === null ? '' : linkHtml(checkUrl, 'Check'),
  ];
}

function statusOf({ isDestroyed, deployment, liveSha }: CommentRow): string {
  if (isDestroyed) return 'Destroyed';
  const { status, failureCode, commitSha } = deployment;
  const text =
    status === 'failed' && failureCode !== null
      ? `Failed: ${codeHtml(failureCode, MAX_NAME)}`
      : STATUSES[status];
  const servesOther = liveSha !== null && liveSha !== commitSha;
  return servesOther ? `${text}, serving ${codeHtml(liveSha.slice(0, SHORT_SHA), SHORT_SHA)}` : text;
}

function commitHtml(sha: string, repositoryUrl: string): string {
  return linkHtml(`${repositoryUrl}/commit/${sha}`, codeHtml(sha.slice(0, SHORT_SHA), SHORT_SHA));
}
