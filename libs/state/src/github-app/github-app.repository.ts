import { GithubAppEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** The id of the only row: an installation of Nexos has one App. */
const ID = 1;

/** A GitHub App to store. */
export type NewGithubApp = Pick<
  GithubAppEntity,
  'appId' | 'slug' | 'name' | 'htmlUrl' | 'sealedCredentials' | 'createdBy'
>;

/** The GitHub App that was created through Nexos. */
@Injectable()
export class GithubAppRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  find(): Promise<GithubAppEntity | null> {
    return this.unitOfWork.manager.findOneBy(GithubAppEntity, { id: ID });
  }

  /** Stores an App, unless one is stored; returns whether it was. */
  async insert(app: NewGithubApp): Promise<boolean> {
    const stored = await this.unitOfWork.manager.query<unknown[]>(
      `INSERT INTO github_app (id, app_id, slug, name, html_url, sealed_credentials, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`,
      [ID, app.appId, app.slug, app.name, app.htmlUrl, app.sealedCredentials, app.createdBy],
    );
    return stored.length === 1;
  }

  /** Returns whether there was one. */
  async delete(): Promise<boolean> {
    const { affected } = await this.unitOfWork.manager.delete(GithubAppEntity, { id: ID });
    return affected === 1;
  }
}
