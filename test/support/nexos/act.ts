import { eventually } from '../eventually.js';
import type { Environment } from './api-client.js';
import type { Installation } from './installation.js';

/** Requests an action on an environment, and waits until it has this status and nothing is left to do. */
export async function requestAction(
  nexos: Installation,
  { id }: { readonly id: string },
  action: string,
  status: string,
): Promise<void> {
  await nexos.api.post(`/environments/${id}/${action}`);
  await untilEnvironmentHasStatus(nexos, id, status);
  await eventually('the environment to be settled', async () => {
    const sql = 'SELECT generation = observed_generation FROM environments WHERE id = $1';
    const [settled] = await nexos.column<boolean>(sql, [id]);
    return settled === true ? true : undefined;
  });
}

/** Waits until an environment has this status. */
export function untilEnvironmentHasStatus(
  nexos: Installation,
  id: string,
  status: string,
): Promise<Environment> {
  return eventually(`the environment to be ${status}`, async () => {
    const environment = await nexos.api.get<Environment>(`/environments/${id}`);
    return environment.status === status ? environment : undefined;
  });
}
