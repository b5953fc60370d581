import { seconds } from '../../docker/local/progress.mjs';
import type { Deployment, Environment } from '../support/nexos/api-client.js';
import { visit } from '../support/nexos/visit.js';
import type { DemoProject } from './demo-project.js';
import { followLog } from './follow-log.js';
import { oldVersionGone } from './old-version-gone.js';
import type { Screen } from './screen.js';
import { SteadyLoad } from './steady-load.js';

/** Requests to make before the second push, and again after the first version is gone. */
const MARGIN = 40;

interface LiveVersion {
  readonly environment: Environment;
  readonly text: string;
}

/** Runs the first push: from nothing to a URL that answers. */
export async function runFirstPush(project: DemoProject, screen: Screen): Promise<LiveVersion> {
  screen.heading('The first push');
  return pushAndVisit(project, screen, 'Say hello');
}

/**
 * Runs the second push under load.
 *
 * @throws when a request fails, or the new version answers none
 */
export async function runSecondPush(project: DemoProject, screen: Screen, first: LiveVersion): Promise<void> {
  screen.heading('The second push, under load');
  const load = new SteadyLoad(first.environment.url);
  try {
    await load.more(MARGIN);
    screen.say(`From now on, ${load.clients} clients keep requesting ${first.environment.url}.`);
    await project.changeAnswer('Hello', 'Hello again');
    screen.say("$ sed -i 's/Hello/Hello again/' greeting.mustache");
    const second = await pushAndVisit(project, screen, 'Say hello again');
    await oldVersionGone(second.environment.id);
    await load.more(MARGIN);
    await load.stop();
    screen.say(`\n${load.total} requests, ${load.failures.length} failed.`);
    screen.say(
      `${load.count(first.text)} were answered by the first version, ${load.count(second.text)} by the second.`,
    );
    const [failure] = load.failures;
    if (failure !== undefined) throw new Error(`A request failed while the versions changed: ${failure}.`);
    if (load.count(second.text) === 0) throw new Error('The second version answered no requests.');
  } finally {
    await load.stop();
  }
}

async function pushAndVisit(project: DemoProject, screen: Screen, message: string): Promise<LiveVersion> {
  screen.say(`$ git commit --all --message '${message}'\n$ git push origin main`);
  const began = Date.now();
  const { delivery, remarks } = await project.push(message);
  for (const remark of remarks) screen.quote(remark, ' ');
  const { deployed, outcome } = delivery;
  screen.say(
    `The git host delivered the push webhook, signed with HMAC-SHA256. Nexos accepted and processed it: ${outcome}.`,
  );
  if (deployed === null) throw new Error(`The push was not deployed: ${outcome}.`);
  const { environment, deployment } = deployed;
  screen.say(`\nThe build log, streamed from /api/deployments/${deployment.id}/logs:`);
  const status = await followLog(project.api, deployment.id, (line) => screen.quote(line));
  if (status !== 'live') throw new Error(await describeFailure(project, deployment.id, status));
  const { status: code, body } = await visit(environment.url);
  screen.say(`\nGET ${environment.url}, ${seconds(began)} after the push: ${code}`);
  for (const line of body.trimEnd().split('\n')) screen.quote(line, '>');
  if (code !== 200) throw new Error(`Expected ${environment.url} to answer 200, but got ${code}.`);
  return { environment, text: body };
}

async function describeFailure({ api }: DemoProject, id: string, status: string): Promise<string> {
  const { failure } = await api.get<Deployment>(`/deployments/${id}`);
  const why = failure === null ? '' : ` ${failure.message} (${failure.code})`;
  return `The deployment ended with the status ${status}.${why}`;
}
