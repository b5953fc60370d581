import { seconds } from '../../docker/local/progress.mjs';
import type { Deployment, Environment } from '../support/nexos/api-client.js';
import { visit } from '../support/nexos/visit.js';
import type { DemoProject } from './demo-project.js';
import { followLog } from './follow-log.js';
import { oldVersionGone } from './old-version-gone.js';
import type { Screen } from './screen.js';
import { SteadyLoad } from './steady-load.js';

/** Requests before the second push and after the last trace of the first version. */
const MARGIN = 40;

interface Answer {
  readonly environment: Environment;
  readonly text: string;
}

/** The first push: from nothing to a URL that answers. */
export async function tellFirstPush(project: DemoProject, screen: Screen): Promise<Answer> {
  screen.heading('The first push');
  return pushAndAsk(project, screen, 'Say hello');
}

/**
 * The second push, while requests keep coming.
 *
 * @throws when a request failed, or the new version never answered one
 */
export async function tellSecondPush(project: DemoProject, screen: Screen, first: Answer): Promise<void> {
  screen.heading('The second push, under load');
  const load = new SteadyLoad(first.environment.url);
  try {
    await load.more(MARGIN);
    screen.say(`${load.clients} clients keep asking ${first.environment.url} from now on.`);
    await project.changeAnswer('Hello', 'Hello again');
    screen.say("$ sed -i 's/Hello/Hello again/' greeting.mustache");
    const second = await pushAndAsk(project, screen, 'Say hello again');
    await oldVersionGone(second.environment.id);
    await load.more(MARGIN);
    await load.stop();
    screen.say(`\n${load.total} requests, ${load.failures.length} failed.`);
    screen.say(
      `${load.count(first.text)} were answered by the first version, ${load.count(second.text)} by the second.`,
    );
    const [failure] = load.failures;
    if (failure !== undefined) throw new Error(`A request failed during the change of versions: ${failure}.`);
    if (load.count(second.text) === 0) throw new Error('The second version answered no request.');
  } finally {
    await load.stop();
  }
}

async function pushAndAsk(project: DemoProject, screen: Screen, message: string): Promise<Answer> {
  screen.say(`$ git commit --all --message '${message}'\n$ git push origin main`);
  const began = Date.now();
  const { delivery, remarks } = await project.push(message);
  for (const remark of remarks) screen.quote(remark, ' ');
  const { deployed, outcome } = delivery;
  screen.say(
    `The git host delivered the push webhook, signed with HMAC-SHA256. It was accepted, and processed: ${outcome}.`,
  );
  if (deployed === null) throw new Error(`The push was not deployed: ${outcome}.`);
  const { environment, deployment } = deployed;
  screen.say(`\nThe build log, as it streams from /api/deployments/${deployment.id}/logs:`);
  const status = await followLog(project.api, deployment.id, (line) => screen.quote(line));
  if (status !== 'live') throw new Error(await reasonOf(project, deployment.id, status));
  const { status: code, body } = await visit(environment.url);
  screen.say(`\nGET ${environment.url}, ${seconds(began)} after the push: ${code}`);
  for (const line of body.trimEnd().split('\n')) screen.quote(line, '>');
  if (code !== 200) throw new Error(`${environment.url} answers ${code}.`);
  return { environment, text: body };
}

async function reasonOf({ api }: DemoProject, id: string, status: string): Promise<string> {
  const { failure } = await api.get<Deployment>(`/deployments/${id}`);
  const why = failure === null ? '' : ` ${failure.message} (${failure.code})`;
  return `The deployment ended as ${status}.${why}`;
}
