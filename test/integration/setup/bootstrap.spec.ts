import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../..', import.meta.url);

describe('the bootstrap of the npm commands', () => {
  /** Runs a command on a Node.js that says it has this version. */
  function run(version: string, ...args: string[]) {
    const pretence = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${pretence}`, 'docker/local/bootstrap.mjs', ...args],
      { cwd: ROOT, encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  }

  it.each(['12.22.12', '18.20.8', '20.18.0'])(
    'refuses Node.js %s and says which one to install',
    (version) => {
      expect(run(version, 'setup', '--help')).toEqual({
        status: 1,
        stdout: '',
        stderr: `Nexos needs Node.js 20.19 or newer, but this is ${version}. Install Node.js 22 or 24 from https://nodejs.org.\n`,
      });
    },
  );

  it('goes on with Node.js 20, and recommends a newer one', () => {
    const { status, stdout, stderr } = run('20.19.0', 'setup', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('npm run setup');
    expect(stderr).toBe(
      'Node.js 20 has reached end of life and gets no fixes. Install Node.js 22 or 24 from https://nodejs.org.\n',
    );
  });

  it.each(['22.12.0'])('has nothing to say about Node.js %s', (version) => {
    expect(run(version, 'setup', '--help')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(['setup', 'dev', 'stop'])('explains %s', (command) => {
    expect(run('22.12.0', command, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/npm (run )?\w+/) as string,
      stderr: '',
    });
  });

  it('ends with 2 when an option is wrong, and says which there are', () => {
    const { status, stdout, stderr } = run('22.12.0', 'stop', '--prune');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("Unknown option '--prune'");
    expect(stderr).toContain('npm run stop -- --purge');
  });
});
