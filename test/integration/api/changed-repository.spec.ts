import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiClient, Project, ProjectDelivery } from '../../support/nexos/api-client.js';
import { type GithubAppSystem, repositoryName, startWithApp } from './app-access-fixture.js';
import {
  create,
  INSTALLATION,
  listWithoutIt,
  projectsOf,
  refusal,
  repositoryFor,
  settle,
} from './repository-check-fixture.js';

let system: GithubAppSystem;
beforeAll(async () => {
  system = await startWithApp(inject('system'));
});
afterEach(() => {
  system.github.failWhen(null);
  expect(system.github.malformed).toEqual([]);
});
afterAll(() => system.stop());

describe('another repository of a project', () => {
  const change = (api: ApiClient, id: string, body: object) => api.request('PATCH', `/projects/${id}`, body);

  async function connected() {
    const made = await repositoryFor(system, 'write');
    const project = (await (await create(made.api, made.name)).json()) as Project;
    return { ...made, project };
  }

  it('is checked like that of a new project', async () => {
    const { id, api, project, user, name } = await connected();
    const other = repositoryName();
    const otherId = system.github.repositories.create(other);
    system.github.install(other, 76);
    await refusal(await change(api, project.id, { github_repo: other }), other);
    expect(await projectsOf(system, id)).toMatchObject([{ github_repo: name }]);
    system.github.repositories.permit(other, user, 'read');
    const response = await change(api, project.id, { github_repo: other.toUpperCase() });
    expect(((await response.json()) as Project).github_repo).toBe(other);
    expect(await projectsOf(system, id)).toMatchObject([
      { github_repo: other, repository_id: String(otherId), installation_id: '76', checked: true },
    ]);
  });

  it('changes nothing while GitHub is away', async () => {
    const { id, api, project, name } = await connected();
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    const response = await change(api, project.id, { github_repo: repositoryName(), name: 'new' });
    expect(response.status).toBe(503);
    expect(await projectsOf(system, id)).toMatchObject([{ github_repo: name }]);
    expect(await api.get<Project>(`/projects/${project.id}`)).toMatchObject({ name: 'shop' });
  });

  it('is not asked about if it is the one that was confirmed, and other settings do not ask either', async () => {
    const { id, api, project, name, repositoryId } = await connected();
    system.github.failWhen(() => ({ kind: '502', isApplied: false }));
    expect((await change(api, project.id, { github_repo: name.toUpperCase(), cpu: 1 })).status).toBe(200);
    expect((await change(api, project.id, { auto_deploy: false })).status).toBe(200);
    expect(await projectsOf(system, id)).toMatchObject([
      { github_repo: name, repository_id: String(repositoryId) },
    ]);
  });

  it('is asked about if nobody has confirmed it, which connects an older project', async () => {
    const { id, api, project, name } = await connected();
    await system.nexos.database.query(
      `UPDATE projects SET access_checked_at = NULL, installation_id = NULL, repository_id = NULL WHERE id = $1`,
      [project.id],
    );
    expect((await change(api, project.id, { github_repo: name })).status).toBe(200);
    expect(await projectsOf(system, id)).toMatchObject([
      { installation_id: String(INSTALLATION), checked: true },
    ]);
  });

  it('is asked about while deploys are paused, and they go on if GitHub confirms it', async () => {
    const { id, api, project, user, name } = await connected();
    const to = 81;
    system.github.install(name, to);
    await system.nexos.database.query(
      `UPDATE projects SET paused_reason = 'repository_not_connected', paused_at = now() WHERE id = $1`,
      [project.id],
    );
    system.github.repositories.permit(name, user, 'none');
    await refusal(await change(api, project.id, { github_repo: name }), name);
    expect(await projectsOf(system, id)).toMatchObject([{ paused: 'repository_not_connected' }]);
    system.github.repositories.permit(name, user, 'write');
    const response = await change(api, project.id, { github_repo: name });
    expect(await response.json()).toMatchObject({ deploys_paused: null });
    await listWithoutIt(system);
    await settle(system);
    expect(await projectsOf(system, id)).toMatchObject([{ paused: null, installation_id: String(to) }]);
  });

  it('keeps the branches if it is the same one with another name', async () => {
    const { api, project, name } = await connected();
    await system.nexos.database.query(
      `INSERT INTO branches (project_id, name, head_sha, before_sha) VALUES ($1, 'main', $2, $2)`,
      [project.id, 'a'.repeat(40)],
    );
    const renamed = repositoryName();
    system.github.repositories.rename(name, renamed);
    system.github.install(renamed, INSTALLATION);
    const branches = () =>
      system.nexos.column('SELECT name FROM branches WHERE project_id = $1', [project.id]);
    expect((await change(api, project.id, { github_repo: renamed })).status).toBe(200);
    expect(await branches()).toEqual(['main']);
  });

  it('has its waiting deliveries described once GitHub has confirmed it', async () => {
    const { api, project, name } = await connected();
    await system.nexos.database.query(
      `INSERT INTO webhook_deliveries (id, event, repository, repository_key, branch, commit_sha, outcome, retry_at)
       VALUES ($1, 'push', $2, lower($2), 'secret', $3, 'accepted', now() + interval '1 hour')`,
      [crypto.randomUUID(), name, 'a'.repeat(40)],
    );
    const branches = async () =>
      (await api.get<ProjectDelivery[]>(`/projects/${project.id}/deliveries`)).map(({ branch }) => branch);
    expect(await branches()).toEqual(['secret']);
    await system.nexos.database.query('UPDATE projects SET access_checked_at = NULL WHERE id = $1', [
      project.id,
    ]);
    expect(await branches()).toEqual([null]);
  });

  it('answers 404 for the project of another account, without asking GitHub', async () => {
    const { project } = await connected();
    const other = await repositoryFor(system, 'write');
    const before = system.github.requests.length;
    expect((await change(other.api, project.id, { github_repo: other.name })).status).toBe(404);
    expect(system.github.requests).toHaveLength(before);
  });
});
