import { NO_COMMIT } from '@nexos/domain';
import { BranchEntity, ProjectEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';

/** A project whose pause has ended, with the branches that its repository had before. */
export interface ResumedProject {
  readonly id: string;
  readonly headsWhenPaused: readonly string[];
}

/** Finds branches that appeared during a pause, about which no webhook may have come. */
@Injectable()
export class NewBranchesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Returns the projects of a repository whose pause has ended, and whose new branches nobody has looked for since.
   *
   * @param isConfirmed whether only projects that GitHub confirmed count, or only the others; null: all
   */
  resumed(repository: string, isConfirmed: boolean | null): Promise<ResumedProject[]> {
    return this.unitOfWork.manager.query<ResumedProject[]>(
      `SELECT id, heads_when_paused AS "headsWhenPaused" FROM projects
       WHERE repository_key = $1 AND status = 'active' AND paused_reason IS NULL AND heads_when_paused IS NOT NULL
         AND ($2::boolean IS NULL OR (access_checked_at IS NOT NULL OR predates_access_checks) = $2)
       ORDER BY id`,
      [repository, isConfirmed],
    );
  }

  /**
   * Puts branches in doubt that are new to a project, so that their heads are deployed. Those that a push has told are left
   * alone. The project is not looked at again.
   *
   * @returns the branches in doubt; none when the project is paused again
   */
  putInDoubt(projectId: string, names: readonly string[]): Promise<BranchEntity[]> {
    return this.unitOfWork.run(async ({ manager }) => {
      const project = await manager.findOne(ProjectEntity, {
        where: { id: projectId, status: 'active' },
        lock: { mode: 'for_no_key_update' },
      });
      if (project?.pausedReason !== null) return [];
      await manager.update(ProjectEntity, projectId, { headsWhenPaused: null });
      const doubted = await manager.query<{ id: string }[]>(
        `INSERT INTO branches AS branch (project_id, name, head_sha, before_sha, in_doubt_since, deploy_due)
         SELECT $1, name, $3, $3, now(), true FROM unnest($2::text[]) name ORDER BY name
         ON CONFLICT (project_id, name) DO UPDATE SET in_doubt_since = now(), deploy_due = true
           WHERE branch.head_sha = $3 AND branch.in_doubt_since IS NULL
         RETURNING id`,
        [projectId, names, NO_COMMIT],
      );
      return manager.findBy(BranchEntity, { id: In(doubted.map(({ id }) => id)) });
    });
  }
}
