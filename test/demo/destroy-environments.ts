import { eventually } from '../support/eventually.js';
import type { ApiClient, Environment } from '../support/nexos/api-client.js';

/** Destroys every environment of a project through the API, and waits until they are gone. */
export async function destroyEnvironments(api: ApiClient, projectId: string): Promise<void> {
  const all = await api.get<Environment[]>(`/projects/${projectId}/environments?limit=100`);
  const present = all.filter(({ status }) => status !== 'destroyed');
  for (const { id } of present) await api.post(`/environments/${id}/destroy`);
  for (const { id, branch } of present) {
    await eventually(`the environment of ${branch} to be destroyed`, async () => {
      const { status } = await api.get<Environment>(`/environments/${id}`);
      return status === 'destroyed' ? true : undefined;
    });
  }
}
