import { isNoCommit, isRepositoryName, NO_COMMIT, type PushMove } from '@nexos/domain';
import { type CheckRequested, parseCheckRun, parseCheckSuite, type RequestedChecks } from './check-event.js';
import { parseCreate } from './create-event.js';
import { parseDelete } from './delete-event.js';
import { type InstallationChange, parseInstallation } from './installation-event.js';
import { type DeliveredPullRequest, parsePullRequest } from './pull-request-event.js';
import { type DeliveredReview, parseReview } from './pull-request-review-event.js';
import { installationIdAt } from './payload-fields.js';
import { parsePush } from './push-event.js';
import { parseRepositoryMove } from './repository-event.js';
import { isRepositoryChange, repositoryFacts, type RepositoryFacts } from './repository-facts.js';

/** How a delivery moved a branch. */
export interface BranchMoved extends PushMove {
  readonly branch: string;
  /** The new head of the branch; null when it was deleted. */
  readonly commit: {
    readonly sha: string;
    readonly message: string | null;
    readonly author: string | null;
  } | null;
}

/** The part of a delivery that Nexos acts on. */
export interface DeliveredMove {
  /** `owner/name`; null for events without a repository, such as those of an organization. */
  readonly repository: string | null;
  /** GitHub's id of the repository, which stays when its name changes; null when the delivery does not tell. */
  readonly repositoryId: string | null;
  /** What the repository was called before, if the delivery says that it has another name now. */
  readonly previousName: string | null;
  readonly installationId: string | null;
  /** Null when no branch moved. */
  readonly move: BranchMoved | null;
  /** Null when the delivery is not about one. */
  readonly pullRequest: DeliveredPullRequest | null;
  /** Null when the delivery is not about a review of the pull request. */
  readonly review: DeliveredReview | null;
  /** Null when nobody asked for checks to run again. */
  readonly checks: RequestedChecks | null;
  /** Null when the delivery is not about an installation of the GitHub App. */
  readonly installation: InstallationChange | null;
  /** What it says about the repository itself; null when it says too little, or is ignored. */
  readonly facts: RepositoryFacts | null;
  /** Why nothing is done; null when a branch, a pull request or a check is concerned, or the repository has another name. */
  readonly ignoredReason: 'tag' | 'branch_created' | 'ping' | 'requested_action' | 'event' | null;
}

/** A delivery that changes nothing, without its repository. */
const NOTHING = {
  previousName: null,
  installationId: null,
  move: null,
  pullRequest: null,
  review: null,
  checks: null,
  installation: null,
  facts: null,
  ignoredReason: null,
} as const;

/**
 * Parses what a delivery says about a branch. Events that Nexos does not act on may have any payload.
 *
 * @throws {MalformedPayloadError} naming the field, when an event that Nexos acts on does not match GitHub's documentation
 */
export function readDelivery(event: string, payload: unknown): DeliveredMove {
  const delivered = readActedOn(event, payload);
  return delivered === null ? readIgnored(payload) : { ...delivered, facts: repositoryFacts(event, payload) };
}

/** Returns null for an event or an action that Nexos does not act on. */
function readActedOn(event: string, payload: unknown): DeliveredMove | null {
  switch (event) {
    case 'push':
      return readPush(payload);
    case 'delete':
      return readDelete(payload);
    case 'create':
      return readCreate(payload);
    case 'ping':
      return readPing(payload);
    case 'pull_request':
      return readPullRequest(payload);
    case 'pull_request_review':
      return readReview(payload);
    case 'repository':
      return readRepositoryMove(payload) ?? readRepositoryChange(payload);
    case 'check_run':
      return readChecks(parseCheckRun(payload));
    case 'check_suite':
      return readChecks(parseCheckSuite(payload));
    case 'installation':
    case 'installation_repositories':
    case 'installation_target':
      return readInstallation(event, payload);
    default:
      return null;
  }
}

function readIgnored(payload: unknown): DeliveredMove {
  return { ...NOTHING, repository: repositoryOf(payload), repositoryId: null, ignoredReason: 'event' };
}

function readRepositoryMove(payload: unknown): DeliveredMove | null {
  const moved = parseRepositoryMove(payload);
  if (moved === null) return null;
  const { repository, repositoryId, previous } = moved;
  const installationId = textOf(moved.installationId);
  return { ...NOTHING, repository, repositoryId, previousName: previous, installationId };
}

function readRepositoryChange(payload: unknown): DeliveredMove | null {
  const repository = repositoryOf(payload);
  const known = repositoryFacts('repository', payload);
  if (repository === null || !isRepositoryChange(payload)) return null;
  const { installation } = Object(payload) as { installation?: unknown };
  const installationId = textOf(installationIdAt(installation));
  return { ...NOTHING, repository, repositoryId: known?.id ?? null, installationId };
}

function readInstallation(event: string, payload: unknown): DeliveredMove | null {
  const installation = parseInstallation(event, payload);
  return installation === null ? null : { ...NOTHING, repository: null, repositoryId: null, installation };
}

function readPullRequest(payload: unknown): DeliveredMove | null {
  const moved = parsePullRequest(payload);
  return moved === null ? null : { ...NOTHING, ...moved, installationId: textOf(moved.installationId) };
}

function readReview(payload: unknown): DeliveredMove | null {
  const moved = parseReview(payload);
  return moved === null ? null : { ...NOTHING, ...moved, installationId: textOf(moved.installationId) };
}

function readChecks(requested: CheckRequested | null): DeliveredMove | null {
  if (requested === null) return null;
  const ignoredReason = requested.checks === null ? 'requested_action' : null;
  return { ...NOTHING, ...requested, installationId: textOf(requested.installationId), ignoredReason };
}

function readCreate(payload: unknown): DeliveredMove {
  const { refType, installationId, ...repository } = parseCreate(payload);
  const ignoredReason = refType === 'tag' ? 'tag' : 'branch_created';
  return { ...NOTHING, ...repository, installationId: textOf(installationId), ignoredReason };
}

/** The ping of a GitHub App names no repository. */
function readPing(payload: unknown): DeliveredMove | null {
  const repository = repositoryOf(payload);
  return repository === null ? null : { ...NOTHING, repository, repositoryId: null, ignoredReason: 'ping' };
}

function textOf(id: number | null): string | null {
  return id === null ? null : String(id);
}

function readPush(payload: unknown): DeliveredMove {
  const push = parsePush(payload);
  const deleted = push.deleted || isNoCommit(push.after);
  const commit = deleted
    ? null
    : {
        sha: push.after,
        message: push.headCommit?.message ?? null,
        author: push.headCommit?.authorName ?? null,
      };
  const move = {
    branch: push.branch,
    before: isNoCommit(push.before) ? NO_COMMIT : push.before,
    after: deleted ? NO_COMMIT : push.after,
    pushedAt: push.pushedAt,
    commit,
  };
  return toDeliveredMove(push, move);
}

function readDelete(payload: unknown): DeliveredMove {
  const event = parseDelete(payload);
  const { branch, pushedAt } = event;
  return toDeliveredMove(event, { branch, before: null, after: NO_COMMIT, pushedAt, commit: null });
}

function toDeliveredMove(
  event: {
    repository: string;
    repositoryId: string | null;
    installationId: number | null;
    refType: 'branch' | 'tag';
  },
  move: BranchMoved,
): DeliveredMove {
  const isBranch = event.refType === 'branch';
  return {
    ...NOTHING,
    repository: event.repository,
    repositoryId: event.repositoryId,
    installationId: textOf(event.installationId),
    move: isBranch ? move : null,
    ignoredReason: isBranch ? null : 'tag',
  };
}

/** Finds the repository in the payload of an unknown event. */
function repositoryOf(payload: unknown): string | null {
  const { repository } = Object(payload) as { repository?: unknown };
  const { full_name: name } = Object(repository) as { full_name?: unknown };
  return typeof name === 'string' && isRepositoryName(name) ? name : null;
}
