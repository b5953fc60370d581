import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { createProject } from './api-fixture.js';

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

const accessOf = async (id: string) =>
  (
    await nexos.rows<Record<string, unknown>>(
      `SELECT github_repo AS name, repository_id AS repository, installation_id AS installation,
         access_checked_at IS NOT NULL AS "isChecked", predates_access_checks AS "isExempt", paused_reason AS paused
       FROM projects WHERE id = $1`,
      [id],
    )
  )[0];

/** Creates a project with what was known about its access before the App was forgotten. */
async function formerly(columns: string) {
  const project = await createProject(nexos);
  await nexos.database.query(
    `UPDATE projects SET repository_id = 77, installation_id = 7, ${columns} WHERE id = $1`,
    [project.id],
  );
  const name = async (githubRepo: string) => {
    await nexos.api.request('PATCH', `/projects/${project.id}`, { github_repo: githubRepo });
    return accessOf(project.id);
  };
  return { ...project, name };
}

const CHECKED = 'access_checked_at = now()';
const EXEMPT = 'predates_access_checks = true';

describe('the repository of a project while there is no App', () => {
  it.each([
    ['that GitHub confirmed', CHECKED],
    ['that predates the check', EXEMPT],
  ])('%s stays so under the same name', async (_, columns) => {
    const { id, repository, name } = await formerly(columns);
    const before = await accessOf(id);
    expect(await name(repository)).toEqual(before);
    const upper = repository.toUpperCase();
    expect(await name(upper)).toEqual({ ...before, name: upper });
  });

  it('keeps its installation when the same name resumes deploys', async () => {
    const { id, repository, name } = await formerly(CHECKED);
    const before = await accessOf(id);
    await nexos.database.query(
      `UPDATE projects SET paused_reason = 'installation_suspended', paused_at = now() WHERE id = $1`,
      [id],
    );
    expect(await name(repository)).toEqual(before);
    expect((await nexos.api.get<Project>(`/projects/${id}`)).deploys_paused).toBeNull();
  });

  it.each([CHECKED, EXEMPT])(
    'is not confirmed under another name, nor when it is back: %s',
    async (columns) => {
      const { repository, name } = await formerly(columns);
      const unknown = {
        repository: null,
        installation: null,
        isChecked: false,
        isExempt: false,
        paused: null,
      };
      expect(await name(`${repository}-new`)).toEqual({ ...unknown, name: `${repository}-new` });
      expect(await name(repository)).toEqual({ ...unknown, name: repository });
    },
  );

  it('forgets its id under the same name if nobody has confirmed it', async () => {
    const { repository, name } = await formerly('access_checked_at = NULL');
    expect(await name(repository)).toMatchObject({ repository: null, installation: '7' });
  });
});
