import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES } from '../deployments/deployment-state.js';
import { checkReport } from './check-report.js';
import { commentReport, type CommentRow } from './comment-report.js';
import { deploymentReport } from './deployment-report.js';
import type { ReportedDeployment } from './report-facts.js';

const URL = 'https://main-shop.nexos.dev';
const SHA = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const HOSTILE =
  '</code></pre><script>x</script><!-- --> @everyone #1 [x](https://evil.example) ``` `a` | \n\n# Title\r\n<img src=x onerror=y> \u202eevil\u0007 &lt;';

const deployment = (over: Partial<ReportedDeployment> = {}): ReportedDeployment => ({
  id: 'dep_1',
  status: 'live',
  commitSha: SHA,
  failureCode: null,
  failureMessage: null,
  skipReason: null,
  queuedAt: '2026-11-29T12:00:00Z',
  startedAt: '2026-11-29T12:00:01Z',
  liveAt: '2026-11-29T12:01:05Z',
  finishedAt: null,
  secondsToLive: 65,
  secondsToEnd: null,
  ...over,
});
const check = (over: Partial<ReportedDeployment> = {}, { branch = 'main', logLines = [] as string[] } = {}) =>
  checkReport({ deployment: deployment(over), branch, url: URL, logLines });
const row = (over: Partial<CommentRow> = {}): CommentRow => ({
  project: 'shop',
  url: URL,
  isDestroyed: false,
  deployment: deployment(),
  liveSha: SHA,
  checkUrl: 'https://github.com/acme/shop/runs/1',
  ...over,
});
const comment = (...rows: CommentRow[]) => commentReport('acct_1', rows, 'https://github.com/acme/shop');

/** Returns the text outside of `code` and `pre`, where GitHub would make mentions and links, without our own tags. */
function outsideCode(html: string): string {
  return html.replaceAll(/<(code|pre)>[^<]*<\/\1>/g, '').replaceAll(/<\/?(?:p|table|tr|td|th)>/g, '');
}

describe('checkReport', () => {
  it.each([
    ['queued', 'queued', null, 'Queued'],
    ['building', 'in_progress', null, 'Building'],
    ['deploying', 'in_progress', null, 'Deploying'],
    ['live', 'completed', 'success', 'Live after 1 min 5 s'],
    ['replaced', 'completed', 'success', 'Live after 1 min 5 s'],
    ['cancelled', 'completed', 'cancelled', 'Cancelled'],
    ['superseded', 'completed', 'cancelled', 'Superseded by a newer deployment'],
  ] as const)('shows a deployment that is %s as %s with conclusion %s', (status, of, conclusion, title) => {
    expect(check({ status })).toMatchObject({ status: of, conclusion, title });
  });

  it('shows a deployment that was not built as neutral', () => {
    expect(check({ status: 'cancelled', skipReason: 'watch_paths' })).toMatchObject({
      status: 'completed',
      conclusion: 'neutral',
      title: 'Skipped: watch_paths',
    });
  });

  it('does not change when a live deployment is replaced', () => {
    const replaced = {
      status: 'replaced',
      finishedAt: '2026-11-30T12:00:00Z',
      secondsToEnd: 80_000,
    } as const;
    expect(check(replaced)).toEqual(check());
  });

  it('says why a deployment failed, with the end of its log', () => {
    const failed = { status: 'failed', failureCode: 'build_failed', failureMessage: 'It failed.' } as const;
    const { conclusion, title, summary, text } = check(failed, { logLines: ['one', 'two'] });
    expect({ conclusion, title }).toEqual({ conclusion: 'failure', title: 'Failed: build_failed' });
    expect(summary).toContain('<p><code>It failed.</code></p>');
    expect(text).toBe('<p>The end of the log:</p>\n\n<pre>\none\ntwo\n</pre>');
  });

  it('keeps the log of a failed deployment within what GitHub accepts, and the last lines of it', () => {
    const logLines = Array.from({ length: 50 }, (_, at) => `${at} ${'\u4e16<'.repeat(10_000)}`);
    const { text } = check({ status: 'failed' }, { logLines });
    expect(Buffer.byteLength(text ?? '')).toBeLessThan(65_535);
    expect(text).toContain('\n49 ');
  });

  it('has no Markdown, mention or HTML of a stranger', () => {
    const failed = { status: 'failed', failureCode: 'build_failed', failureMessage: HOSTILE } as const;
    const { title, summary, text } = check(failed, { branch: HOSTILE, logLines: [HOSTILE, '```', '</pre>'] });
    expect(title).toBe('Failed: build_failed');
    expect(outsideCode(summary)).toBe('Branch , deployment .\n');
    expect(outsideCode(text ?? '')).toBe('The end of the log:\n\n');
    expect(summary).not.toMatch(/\n\n|[\u202e\u0007]/);
  });
});

describe('deploymentReport', () => {
  it('gives the URL only while the deployment is live', () => {
    for (const status of DEPLOYMENT_STATUSES) {
      const { environmentUrl } = deploymentReport(deployment({ status }), URL, false);
      expect(environmentUrl).toBe(status === 'live' ? URL : null);
    }
  });

  it.each([
    ['live', 'success', 'Live after 1 min 5 s'],
    ['replaced', 'inactive', 'Replaced'],
    ['failed', 'failure', 'Failed'],
  ] as const)('shows a deployment that is %s as %s', (status, state, description) => {
    expect(deploymentReport(deployment({ status }), URL, false)).toMatchObject({ state, description });
  });

  it('is inactive once the environment is destroyed, whatever became of the deployment', () => {
    for (const status of DEPLOYMENT_STATUSES) {
      expect(deploymentReport(deployment({ status }), URL, true).state).toBe('inactive');
    }
  });
});

describe('commentReport', () => {
  it('has a row with URL, status, commit, duration and check for each project', () => {
    const html = comment(row(), row({ project: 'api', deployment: deployment({ status: 'building' }) }));
    expect(html.split('\n')).toEqual([
      '<!-- nexos:acct_1 -->',
      '<table>',
      '<tr><th>Project</th><th>Status</th><th>URL</th><th>Commit</th><th>Duration</th><th>Details</th></tr>',
      expect.stringContaining(
        `<td><code>shop</code></td><td>Live</td><td><a href="${URL}"><code>main-shop.nexos.dev</code></a></td>`,
      ),
      expect.stringContaining('<td><code>api</code></td><td>Building</td>'),
      '</table>',
    ]);
    expect(html).toContain(
      `<td><a href="https://github.com/acme/shop/commit/${SHA}"><code>6dcb09b</code></a></td><td>1 min 5 s</td>`,
    );
    expect(html).toContain('<td><a href="https://github.com/acme/shop/runs/1">Check</a></td>');
  });

  it('says what the URL serves while the newest deployment is not live', () => {
    const failed = deployment({ status: 'failed', failureCode: 'build_failed' });
    expect(comment(row({ deployment: failed, liveSha: 'a'.repeat(40) }))).toContain(
      '<td>Failed: <code>build_failed</code>, serving <code>aaaaaaa</code></td>',
    );
  });

  it('does not link to an environment that is destroyed', () => {
    const html = comment(row({ isDestroyed: true }));
    expect(html).toContain('<td>Destroyed</td><td></td>');
    expect(html).not.toContain(URL);
  });

  it('has no Markdown, mention or HTML of a stranger, and stays one block', () => {
    const html = comment(row({ project: HOSTILE }), row());
    expect(html).not.toMatch(/\n\s*\n|<script|<img|[\u202e\u0007]/);
    expect(outsideCode(html)).not.toMatch(/@|evil|Title|`/);
  });

  it('stays within what GitHub accepts, with any number of projects', () => {
    const html = comment(...Array.from({ length: 500 }, () => row({ project: '<'.repeat(500) })));
    expect(html.length).toBeLessThan(65_536);
    expect(html).toContain('and 450 more');
  });
});
