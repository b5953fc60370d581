import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Returns variables with which git ignores the configuration of the machine and its user, and never prompts. */
export function isolatedGitEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Runs git in a folder and returns its output, without the last line end. */
export async function isolatedGit(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd,
    env: { ...isolatedGitEnvironment(cwd), ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trimEnd();
}
