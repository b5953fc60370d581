import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../..', import.meta.url);

describe('an npm command', () => {
  /** Runs a command under a Node.js that reports this version. */
  function run(version: string, ...args: string[]) {
    const preload = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${preload}`, 'docker/local/bootstrap.mjs', ...args],
      { cwd: ROOT, encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  }

  it.each(['12.22.12', '18.20.8', '20.18.0'])(
    'refuses Node.js %s and names the versions to install',
    (version) => {
      expect(run(version, 'setup', '--help')).toEqual({
        status: 1,
        stdout: '',
        stderr: `Nexos needs Node.js 20.19 or newer, but this is ${version}. Install Node.js 22 or 24 from https://nodejs.org.\n`,
      });
    },
  );

  it('runs on Node.js 20 and recommends a newer version', () => {
    const { status, stdout, stderr } = run('20.19.0', 'setup', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('npm run setup');
    expect(stderr).toBe(
      'Node.js 20 has reached end of life and gets no fixes. Install Node.js 22 or 24 from https://nodejs.org.\n',
    );
  });

  it.each(['22.12.0'])('prints no advice on Node.js %s', (version) => {
    expect(run(version, 'setup', '--help')).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(['setup', 'dev', 'stop'])('prints the usage of %s', (command) => {
    expect(run('22.12.0', command, '--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/npm (run )?\w+/) as string,
      stderr: '',
    });
  });

  it('prints the usage and exits with 2 on an unknown option', () => {
    const { status, stdout, stderr } = run('22.12.0', 'stop', '--prune');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("Unknown option '--prune'");
    expect(stderr).toContain('npm run stop -- --purge');
  });
});
