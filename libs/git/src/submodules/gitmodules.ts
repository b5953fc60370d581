import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { gitEnvironment } from '../git-environment.js';
import { GitExit, GitOutputTooLarge, runGit } from '../git-process.js';

/** What `.gitmodules` says about one path. */
export interface SubmoduleEntry {
  /** Normally one; several are a mistake. */
  readonly urls: ReadonlySet<string>;
  readonly branch: string | null;
}

const KEY = /^submodule\.([^]+)\.(path|url|branch)$/;

/**
 * Parses a `.gitmodules` with git itself, which reads it from its input and follows no `include` in it.
 *
 * @returns the entries by path, each byte of which is one character; null when the file is malformed
 * @see https://git-scm.com/docs/gitmodules
 */
export async function parseGitmodules(
  content: Buffer,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, SubmoduleEntry> | null> {
  try {
    const listed = await runGit({
      args: ['config', '--file', '-', '--no-includes', '-z', '--list'],
      cwd: tmpdir(),
      env: gitEnvironment({ home: '/nonexistent', ceiling: dirname(tmpdir()) }),
      input: content,
      signal,
    });
    return entriesOf(listed.toString('latin1'));
  } catch (error) {
    if (error instanceof GitExit || error instanceof GitOutputTooLarge) return null;
    throw error;
  }
}

interface Section {
  readonly path: string[];
  readonly url: string[];
  readonly branch: string[];
}

function entriesOf(listed: string): ReadonlyMap<string, SubmoduleEntry> {
  const entries = new Map<string, SubmoduleEntry>();
  for (const { path: paths, url, branch } of sectionsOf(listed).values()) {
    for (const path of paths) {
      const known = entries.get(path);
      const urls = new Set([...(known?.urls ?? []), ...url]);
      entries.set(path, { urls, branch: branch[0] ?? known?.branch ?? null });
    }
  }
  return entries;
}

function sectionsOf(listed: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  for (const line of listed.split('\0')) {
    // A key without a value has no line end.
    const end = line.indexOf('\n');
    const [, name, key] = KEY.exec(line.slice(0, Math.max(0, end))) ?? [];
    if (name === undefined) continue;
    const section = sections.get(name) ?? { path: [], url: [], branch: [] };
    section[key as keyof Section].push(line.slice(end + 1));
    sections.set(name, section);
  }
  return sections;
}
