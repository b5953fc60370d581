import { seconds } from '../../docker/local/progress.mjs';
import { eventually } from '../support/eventually.js';
import type { ApiClient, Environment } from '../support/nexos/api-client.js';
import { visit } from '../support/nexos/visit.js';
import type { Screen } from './screen.js';

const GUESTBOOK = '/guestbook';

/**
 * Shows an environment with a database and Redis: its data survives a pause, and a reset empties the database and can
 * be undone.
 *
 * @throws when anything goes wrong
 */
export async function runGuestbook(api: ApiClient, environment: Environment, screen: Screen): Promise<void> {
  screen.heading('The database and Redis of the environment');
  const guestbook = new Guestbook(api, environment, screen);
  screen.say('nexos.yaml requests both; the on_deploy hook created the table.');
  await guestbook.sign('Ada', 'Ada');
  await guestbook.sign('Grace', 'Ada, Grace');

  screen.heading('Pause and resume');
  await guestbook.act('pause', 'paused');
  const { status } = await visit(environment.url);
  screen.say(
    `GET ${environment.url}: ${status}, because it is paused. None of the project's containers is running.`,
  );
  if (status !== 503) throw new Error(`Expected a paused environment to answer 503, but got ${status}.`);
  await guestbook.act('resume', 'running');
  await guestbook.read('Ada, Grace');

  screen.heading('Reset and restore');
  await guestbook.act('reset', 'running');
  await guestbook.read('nobody yet');
  await guestbook.act('restore', 'running');
  await guestbook.read('Ada, Grace');
}

/** The app's guest book page, which reads and writes stored data. */
class Guestbook {
  constructor(
    private readonly api: ApiClient,
    private readonly environment: Environment,
    private readonly screen: Screen,
  ) {}

  async sign(name: string, guests: string): Promise<void> {
    const path = `${GUESTBOOK}?name=${name}`;
    const { body } = await visit(this.environment.url, { path, body: '' });
    this.show(`POST ${path}`, body, guests);
  }

  async read(guests: string): Promise<void> {
    const { body } = await visit(this.environment.url, { path: GUESTBOOK });
    this.show(`GET ${GUESTBOOK}`, body, guests);
  }

  async act(action: string, status: string): Promise<void> {
    const began = Date.now();
    const { id } = this.environment;
    await this.api.post(`/environments/${id}/${action}`);
    await eventually(`the environment to be ${status}`, async () => {
      const environment = await this.api.get<Environment>(`/environments/${id}`);
      return environment.status === status ? environment : undefined;
    });
    this.screen.say(`POST /api/environments/${id}/${action}: ${status} after ${seconds(began)}`);
  }

  private show(what: string, body: string, guests: string): void {
    this.screen.say(what);
    this.screen.quote(body.trimEnd(), '>');
    if (!body.startsWith(`Guests: ${guests}. Visits: `)) {
      throw new Error(`Expected the guest book to list ${guests}, but it says: ${body}`);
    }
  }
}
