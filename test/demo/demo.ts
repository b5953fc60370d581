import { relative } from 'node:path';
import { root } from '../../docker/local/home.js';
import { seconds } from '../../docker/local/progress.mjs';
import { destroyEnvironments } from './destroy-environments.js';
import { DemoProject } from './demo-project.js';
import { startDemoSystem, type DemoSystem, type DemoSystemOptions } from './demo-system.js';
import { tellOfData } from './guestbook.js';
import { showPushes, tellHowToTryMore } from './stay-up.js';
import { tellFirstPush, tellSecondPush } from './story.js';

/** The demo, once its story has been told: everything is still up. */
export interface ToldDemo {
  /** Rejects when an app does not stay up. */
  readonly ended: Promise<void>;
  /** Says what can be tried, and shows what is pushed from now on. */
  stayUp(): void;
  /** Destroys the environments, as a user would. */
  destroyEnvironments(): Promise<void>;
}

/**
 * Starts Nexos and tells its story: a push that becomes a URL, another one that no visitor notices, and what becomes of
 * the data.
 *
 * @throws when anything is not as it should be; `options.ending` stops what runs by then
 */
export async function tellDemo(options: DemoSystemOptions): Promise<ToldDemo> {
  const { screen, logFolder } = options;
  screen.heading('Nexos starts');
  const began = Date.now();
  const system = await startDemoSystem(options);
  screen.say(
    `The API answers at ${system.api.baseUrl}; integrations, builder, lifecycle and quota work (${seconds(began)}).`,
  );
  screen.say(`Their logs: ${relative(root, logFolder)}`);
  const story = tellStory(system, options);
  // The one that comes first is told; the other must not be an unhandled rejection.
  const project = await Promise.race([story, system.apps.ended.then(() => story)]);
  return {
    ended: system.apps.ended,
    stayUp: () => {
      tellHowToTryMore(system, project, screen);
      showPushes(project, screen);
    },
    destroyEnvironments: () => destroyEnvironments(system.api, project.id),
  };
}

async function tellStory(system: DemoSystem, options: DemoSystemOptions): Promise<DemoProject> {
  const { screen } = options;
  screen.heading('A project for a repository');
  const project = await DemoProject.create(system, options);
  screen.say(`Repository: ${project.remote}, served over smart HTTP`);
  screen.say(`POST /api/projects: ${project.id}`);
  const answer = await tellFirstPush(project, screen);
  await tellSecondPush(project, screen, answer);
  await tellOfData(system.api, answer.environment, screen);
  return project;
}
