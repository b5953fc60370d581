import type { DeploymentStatus } from '../deployments/deployment-state.js';
import { durationText } from '../notifications/plain-text.js';
import { codeHtml, linesHtml, linkHtml } from './html-text.js';
import { reportedSeconds, type ReportedDeployment } from './report-facts.js';

/** The last lines of the log that a check of a failed deployment shows. */
export const CHECK_LOG_LINES = 50;
const MAX_LINE = 400;
/** GitHub accepts 65,535 bytes; a character takes at most three for each of its UTF-16 units. */
const MAX_LOG = 20_000;
const MAX_BRANCH = 200;
const MAX_FAILURE = 2_000;

/** The changing part of a check run. */
export interface CheckReport {
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Null until it is completed. */
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'neutral' | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly title: string;
  /** HTML, which GitHub accepts as Markdown. */
  readonly summary: string;
  readonly text: string | null;
}

/** What a check is about. */
export interface CheckFacts {
  readonly deployment: ReportedDeployment;
  readonly branch: string;
  /** The URL of the environment. */
  readonly url: string;
  /** The last lines of the log of a failed deployment. */
  readonly logLines: readonly string[];
}

type Outcome = Pick<CheckReport, 'status' | 'conclusion'>;

const OUTCOMES: Readonly<Record<DeploymentStatus, Outcome>> = {
  queued: { status: 'queued', conclusion: null },
  building: { status: 'in_progress', conclusion: null },
  deploying: { status: 'in_progress', conclusion: null },
  live: { status: 'completed', conclusion: 'success' },
  replaced: { status: 'completed', conclusion: 'success' },
  failed: { status: 'completed', conclusion: 'failure' },
  cancelled: { status: 'completed', conclusion: 'cancelled' },
  superseded: { status: 'completed', conclusion: 'cancelled' },
};

/** Returns the check run of a deployment. One that was replaced looks as it did when it was live. */
export function checkReport({ deployment, branch, url, logLines }: CheckFacts): CheckReport {
  const { status, failureCode, failureMessage, skipReason, startedAt, liveAt, finishedAt, queuedAt } =
    deployment;
  const outcome: Outcome =
    skipReason === null ? OUTCOMES[status] : { status: 'completed', conclusion: 'neutral' };
  const isFailed = status === 'failed';
  const isLive = outcome.conclusion === 'success';
  const paragraphs = [
    `Branch ${codeHtml(branch, MAX_BRANCH)}, deployment ${codeHtml(deployment.id, MAX_BRANCH)}.`,
    ...(isLive ? [linkHtml(url, codeHtml(url, MAX_BRANCH))] : []),
    ...(isFailed && failureMessage !== null ? [codeHtml(failureMessage, MAX_FAILURE)] : []),
  ];
  return {
    ...outcome,
    startedAt: startedAt ?? (outcome.status === 'queued' ? null : queuedAt),
    completedAt: isLive ? liveAt : finishedAt,
    title: titleOf(deployment, failureCode),
    summary: paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n'),
    text:
      isFailed && logLines.length > 0
        ? `<p>The end of the log:</p>\n\n${linesHtml(logLines, MAX_LINE, MAX_LOG)}`
        : null,
  };
}

const NOT_APPROVED =
  '<p>A commit of a fork is deployed once somebody with write access to this repository approves it in a review.</p>';

/** Returns the check run of a push that was skipped. @param reason a code of our own */
export function skippedReport(branch: string, reason: string): CheckReport {
  return {
    status: 'completed',
    conclusion: 'neutral',
    startedAt: null,
    completedAt: null,
    title: skippedTitle(reason),
    summary:
      reason === 'not_approved'
        ? NOT_APPROVED
        : `<p>The push to branch ${codeHtml(branch, MAX_BRANCH)} was not deployed.</p>`,
    text: null,
  };
}

function skippedTitle(reason: string): string {
  return `Skipped: ${reason}`;
}

function titleOf(deployment: ReportedDeployment, failureCode: string | null): string {
  switch (deployment.status) {
    case 'queued':
      return 'Queued';
    case 'building':
      return 'Building';
    case 'deploying':
      return 'Deploying';
    case 'live':
    case 'replaced':
      return `Live after ${durationText(reportedSeconds(deployment)) ?? 'a while'}`;
    case 'failed':
      return failureCode === null ? 'Failed' : `Failed: ${failureCode}`;
    case 'cancelled':
      return deployment.skipReason === null ? 'Cancelled' : skippedTitle(deployment.skipReason);
    case 'superseded':
      return 'Superseded by a newer deployment';
  }
}
