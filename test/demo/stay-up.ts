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

/** Prints what to try in another terminal. */
export function printNextSteps(system: DemoSystem, project: DemoProject, screen: Screen): void {
  const clone = join(tmpdir(), 'nexos-hello');
  const api = `${system.api.baseUrl}/api`;
  const key = `curl -H @${relative(root, system.keyFile)}`;
  const host = project.remote.replace(/\/[^/]+\/[^/]+$/, '');
  screen.heading('Your turn');
  screen.say(`Everything stays up until you press Ctrl-C. In another terminal, in the Nexos folder:

Push a branch to give it its own URL:
  git clone ${project.remote} ${clone}
  cd ${clone}
  git switch -c feature
  sed -i s/Hello/Welcome/ greeting.mustache
  git -c user.name=You -c user.email=you@example.com commit -am 'Say welcome'
  git push origin feature

Delete the branch to remove its environment:
  git push origin --delete feature

Deploy your own repository with a Dockerfile (FROM nexos-local/node needs no registry). The push creates the repository:
  git push ${host}/me/mine.git main
  ${key} -H 'content-type: application/json' ${api}/projects -d '{"name": "Mine", "github_repo": "me/mine"}'
  ${key} -H 'content-type: application/json' ${api}/projects/ID/deployments -d '{"branch": "main"}'

Call the API. curl reads the key from a file, so that it appears on no command line:
  ${key} ${api}/projects
  ${key} ${api}/projects/${project.id}/environments
  ${key} -N -H 'accept: text/event-stream' ${api}/deployments/ID/logs

Pause and resume an environment, or reset and restore its database:
  ${key} -X POST ${api}/environments/ID/pause      (or resume, reset, restore)

Pushes are shown here:`);
}

/** Shows the outcome of every push from now on. */
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
