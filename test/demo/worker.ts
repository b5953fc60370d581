import type { components } from '@nexos/client';
import { eventually } from '../support/eventually.js';
import type { ApiClient, Environment } from '../support/nexos/api-client.js';
import { visit } from '../support/nexos/visit.js';
import type { Screen } from './screen.js';

type Page = components['schemas']['RuntimeLogResponse'];

const GUEST = 'Barbara';
const WELCOME = `Welcome, ${GUEST}!`;

/**
 * Shows the second container of an environment, which takes work from the app's Redis.
 *
 * @throws when the worker does not do its work
 */
export async function runWorker(api: ApiClient, { id, url }: Environment, screen: Screen): Promise<void> {
  screen.heading('The worker');
  screen.say('nexos.yaml lists a second container: the same image with another command, without a URL.');
  const path = `/guestbook?name=${GUEST}`;
  await visit(url, { path, body: '' });
  screen.say(`POST ${path}`);
  const log = `/environments/${id}/logs?container=worker`;
  const line = await eventually('the worker to welcome the guest', async () => {
    const { lines } = await api.get<Page>(log);
    return lines.find(({ text }) => text === WELCOME);
  });
  screen.say(`GET /api${log}`);
  screen.quote(line.text, '>');
}
