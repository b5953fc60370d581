import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from '../../docker/local/home.js';
import { visit } from '../support/nexos/visit.js';
import { NO_COMMIT } from '../support/nexos/webhook-sender.js';
import type { Delivery } from './deliveries.js';
import type { DemoProject } from './demo-project.js';
import type { DemoSystem } from './demo-system.js';
import { followLog } from './follow-log.js';
import type { Screen } from './screen.js';

/** Says what can be tried in another terminal. */
export function tellHowToTryMore(system: DemoSystem, project: DemoProject, screen: Screen): void {
  const clone = join(tmpdir(), 'nexos-hello');
  const api = `${system.api.baseUrl}/api`;
  const key = `curl -H @${relative(root, system.keyFile)}`;
  const host = project.remote.replace(/\/[^/]+\/[^/]+$/, '');
  screen.heading('Your turn');
  screen.say(`All of it stays up until Ctrl-C. In another terminal, in the folder of Nexos:

Push a branch, and it gets a URL of its own:
  git clone ${project.remote} ${clone}
  cd ${clone}
  git switch -c feature
  sed -i s/Hello/Welcome/ greeting.mustache
  git -c user.name=You -c user.email=you@example.com commit -am 'Say welcome'
  git push origin feature

Delete it, and the URL is gone:
  git push origin --delete feature

Deploy a repository of your own with a Dockerfile (FROM nexos-local/node needs no registry). It is made by the push:
  git push ${host}/me/mine.git main
  ${key} -H 'content-type: application/json' ${api}/projects -d '{"name": "Mine", "github_repo": "me/mine"}'
  ${key} -H 'content-type: application/json' ${api}/projects/ID/deployments -d '{"branch": "main"}'

Ask the API. The key is in a file that curl reads by itself, so that no command line shows it:
  ${key} ${api}/projects
  ${key} ${api}/projects/${project.id}/environments
  ${key} -N -H 'accept: text/event-stream' ${api}/deployments/ID/logs

Pause it, resume it, empty its database and bring that back:
  ${key} -X POST ${api}/environments/ID/pause      (or resume, reset, restore)

What is pushed is shown here:`);
}

/** Shows what becomes of every push from now on. */
export function showPushes(project: DemoProject, screen: Screen): void {
  project.onDelivery = (delivery) => {
    showPush(project, screen, delivery).catch((error: unknown) => screen.say((error as Error).message));
  };
}

async function showPush(
  { api }: DemoProject,
  screen: Screen,
  { push, outcome, deployed }: Delivery,
): Promise<void> {
  const { branch, after, message } = push;
  screen.say('');
  if (deployed === null) {
    const what = after === NO_COMMIT ? 'deleted' : `${after.slice(0, 7)} ${message}`;
    screen.quote(`${what} (${outcome})`, `${branch}:`);
    return;
  }
  screen.quote(`${after.slice(0, 7)} ${message}`, `${branch}:`);
  const status = await followLog(api, deployed.deployment.id, (line) => screen.quote(line, `${branch} |`));
  const { url } = deployed.environment;
  if (status !== 'live') {
    screen.say(`${branch}: ${status}`);
    return;
  }
  const { body } = await visit(url);
  screen.say(`${branch}: ${url}`);
  for (const line of body.trimEnd().split('\n')) screen.quote(line, `${branch} >`);
}
