import { relative } from 'node:path';
import { root } from '../../docker/local/home.js';
import { seconds } from '../../docker/local/progress.mjs';
import { destroyEnvironments } from './destroy-environments.js';
import { DemoProject } from './demo-project.js';
import { startDemoSystem, type DemoSystem, type DemoSystemOptions } from './demo-system.js';
import { runGuestbook } from './guestbook.js';
import { printNextSteps, showPushes } from './stay-up.js';
import { runFirstPush, runSecondPush } from './story.js';
import { runWorker } from './worker.js';

/** The demo after its story has run, with everything still up. */
export interface RunningDemo {
  /** Rejects when an app does not stay up. */
  readonly ended: Promise<void>;
  /** Prints what to try next, and shows pushes from now on. */
  stayUp(): void;
  /** Destroys the environments, as a user would. */
  destroyEnvironments(): Promise<void>;
}

/**
 * Starts Nexos and runs the story: a push that becomes a URL, a second push without downtime, data that survives a pause and a
 * reset, and a worker beside the app.
 *
 * @throws when anything goes wrong; `options.cleanup` stops what is running by then
 */
export async function runDemo(options: DemoSystemOptions): Promise<RunningDemo> {
  const { screen, logFolder } = options;
  screen.heading('Starting Nexos');
  const began = Date.now();
  const system = await startDemoSystem(options);
  screen.say(
    `The API is up at ${system.api.baseUrl}; integrations, builder, lifecycle and quota are running (${seconds(began)}).`,
  );
  screen.say(`Logs are in ${relative(root, logFolder)}`);
  const story = runStory(system, options);
  // Report the first failure; the other must not become an unhandled rejection.
  const project = await Promise.race([story, system.apps.ended.then(() => story)]);
  return {
    ended: system.apps.ended,
    stayUp: () => {
      printNextSteps(system, project, screen);
      showPushes(project, screen);
    },
    destroyEnvironments: () => destroyEnvironments(system.api, project.id),
  };
}

async function runStory(system: DemoSystem, options: DemoSystemOptions): Promise<DemoProject> {
  const { screen } = options;
  screen.heading('Creating a project');
  const project = await DemoProject.create(system, options);
  screen.say(`Repository: ${project.remote} (smart HTTP)`);
  screen.say(`POST /api/projects created ${project.id}`);
  const first = await runFirstPush(project, screen);
  await runSecondPush(project, screen, first);
  await runGuestbook(system.api, first.environment, screen);
  await runWorker(system.api, first.environment, screen);
  return project;
}
