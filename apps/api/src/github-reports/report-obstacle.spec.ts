import { describe, expect, it } from 'vitest';
import { reportObstacle } from './report-obstacle.js';

const PROJECT = {
  githubRepo: 'octo/app',
  installationId: '7',
  githubChecks: false,
  githubDeployments: true,
  githubComments: false,
};

describe('reportObstacle', () => {
  it('finds none as long as one kind of report is on and the installation is known', () => {
    expect(reportObstacle(PROJECT, true)).toBeNull();
  });

  it.each([
    ['no GitHub App', PROJECT, false],
    ['turned off', { ...PROJECT, githubDeployments: false }, true],
    ['Install the App', { ...PROJECT, installationId: null }, true],
  ])('says what to do: %s', (text, project, hasApp) => {
    expect(reportObstacle(project, hasApp)).toContain(text);
  });
});
