import { affected, type Transaction, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { retryGivenUpReports } from '../github-reports/retry-given-up-reports.js';
import type { PauseChange } from '../projects/pause-deploys.js';
import {
  type FoundInstallation,
  type FoundRepository,
  type InstallationClaim,
  recordListing,
} from './record-listing.js';
import { type ConnectionRule, findUnsettled, settleConnections } from './settle-connections.js';
import { insertInstallation, type KnownInstallation, reinstate, VERSION } from './transitions.js';

/** A day, of which each installation is asked about once, at a time of its own. */
const INTERVAL = `interval '1 day' * (0.9 + random() * 0.2)`;
/** Projects per sweep, at random. */
const DRIFT_LIMIT = 200;

/** Installations of the GitHub App: which GitHub is asked about, and what it answered. */
@Injectable()
export class InstallationsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Claims installations that GitHub is to be asked about now, except those that it limits. */
  claimDue(leaseMs: number, limit: number): Promise<InstallationClaim[]> {
    return this.unitOfWork.run(async ({ manager }) => {
      const [rows] = await manager.query<[InstallationClaim[], number]>(
        `UPDATE github_installations SET list_at = now() + make_interval(secs => $1 / 1000.0)
         WHERE id IN (
           SELECT id FROM github_installations due
           WHERE status <> 'removed' AND list_at <= now() AND NOT EXISTS (
             SELECT 1 FROM github_pauses pause WHERE pause.installation_id = due.id AND pause.until > now())
           ORDER BY list_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING id AS "installationId", list_at::text AS until`,
        [leaseMs, limit],
      );
      return rows;
    });
  }

  /** Keeps a claim for longer; null when another worker has it, or an event has ended it. */
  async extend(claim: InstallationClaim, leaseMs: number): Promise<InstallationClaim | null> {
    const { installationId, until } = claim;
    const [rows] = await this.unitOfWork.manager.query<[{ until: string }[], number]>(
      `UPDATE github_installations SET list_at = now() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND list_at::text = $2 RETURNING list_at::text AS until`,
      [installationId, until, leaseMs],
    );
    const [row] = rows;
    return row === undefined ? null : { installationId, until: row.until };
  }

  /** Ends a claim without an answer. GitHub is asked again after a time. */
  async postpone({ installationId, until }: InstallationClaim, ms: number): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE github_installations SET list_at = now() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND list_at::text = $2`,
      [installationId, until, ms],
    );
  }

  /**
   * Records GitHub's answer about an installation and its repositories, and what follows for projects.
   *
   * @param found null when GitHub has no such installation
   * @param repositories null when they are not known, since the installation is suspended
   * @returns null when an event has come meanwhile, and the answer may be older
   */
  record(
    claim: InstallationClaim,
    found: FoundInstallation | null,
    repositories: readonly FoundRepository[] | null,
    rule: ConnectionRule,
  ): Promise<PauseChange[] | null> {
    return this.unitOfWork.run(async (transaction) => {
      const changes = await recordListing(transaction, claim, { found, repositories }, rule);
      if (changes === null) return null;
      await transaction.manager.query(
        `UPDATE github_installations SET list_at = now() + ${INTERVAL} WHERE id = $1`,
        [claim.installationId],
      );
      return changes;
    });
  }

  /** Returns all installations that were ever known. */
  known(): Promise<KnownInstallation[]> {
    return this.unitOfWork.manager.query<KnownInstallation[]>(
      `SELECT id, status, ${VERSION} AS version FROM github_installations`,
    );
  }

  /** Adds an installation that no event has told of, and has its repositories listed. */
  async add(found: FoundInstallation): Promise<void> {
    await insertInstallation(this.unitOfWork.manager, found);
  }

  /**
   * Has GitHub asked soon about an installation of which it says something else than is known, unless an event has told
   * more meanwhile.
   *
   * @param isBack whether one that was removed is installed after all
   */
  async doubt(known: KnownInstallation, isBack: boolean): Promise<boolean> {
    if (isBack) return this.unitOfWork.run((transaction) => this.reinstateWithReports(transaction, known));
    return affected(
      await this.unitOfWork.manager.query(
        `UPDATE github_installations SET list_at = least(list_at, now()) WHERE id = $1 AND ${VERSION} = $2`,
        [known.id, known.version],
      ),
    );
  }

  /** Settles the projects whose connection is no longer what is recorded, such as after a sign-in or a lost race. */
  async settleDrift(rule: ConnectionRule): Promise<PauseChange[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      `SELECT project.id FROM projects project
         LEFT JOIN github_installations own ON own.id = project.installation_id
         LEFT JOIN github_repositories known ON known.id = project.repository_id
       WHERE project.status = 'active' AND (
         (project.paused_reason IS NULL AND (own.status <> 'active' OR known.installation_id <> own.id
           OR (own.listed_at IS NOT NULL AND known.id IS NULL AND project.repository_id IS NOT NULL)))
         OR project.paused_reason IN ('installation_suspended', 'installation_removed', 'repository_not_connected'))
       ORDER BY random() LIMIT $1`,
      [DRIFT_LIMIT],
    );
    const candidates = rows.map(({ id }) => id);
    const unsettled = await findUnsettled(this.unitOfWork.manager, candidates, rule);
    if (unsettled.length === 0) return [];
    return this.unitOfWork.run((transaction) => settleConnections(transaction, unsettled, rule));
  }

  /** The listing that follows does not see that it was removed, so the reports that it refused are tried again here. */
  private async reinstateWithReports(transaction: Transaction, known: KnownInstallation): Promise<boolean> {
    const isReinstated = await reinstate(transaction.manager, known);
    if (isReinstated) await retryGivenUpReports(transaction, known.id);
    return isReinstated;
  }
}
