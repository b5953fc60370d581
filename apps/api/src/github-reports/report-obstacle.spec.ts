import { describe, expect, it } from 'vitest';
import { reportObstacle } from './report-obstacle.js';

const PROJECT = {
  githubRepo: 'octo/app',
  installationId: '7',
  githubChecks: false,
  githubDeployments: true,
  githubComments: false,
};
const APP = { appId: '4242' };

describe('reportObstacle', () => {
  it('finds none as long as one kind of report is on and the installation is known', () => {
    expect(reportObstacle(PROJECT, APP)).toBeNull();
  });

  it.each([
    ['no GitHub App', PROJECT, {}],
    ['turned off', { ...PROJECT, githubDeployments: false }, APP],
    ['Install the App', { ...PROJECT, installationId: null }, APP],
  ])('says what to do: %s', (text, project, github) => {
    expect(reportObstacle(project, github)).toContain(text);
  });
});
