import { describe, expect, it } from 'vitest';
import type { Message, MessageData } from './message.js';
import { renderMessage } from './render-message.js';

const HOSTILE =
  '<!channel> @everyone <@U1> [x](https://evil.example) *b* `c` :tada: <https://evil.example|ok> & \u202eevil\u0007';

const DEPLOYMENT = {
  id: 'dep_1',
  status: 'failed',
  trigger: 'push',
  commit_sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  commit_message: 'Add a page\n\nIt has text.',
  commit_author: 'Somebody',
  duration_seconds: 125.4,
  failure: { code: 'build_failed', message: 'The build failed.' },
};

const message = (data: Partial<MessageData> = {}, type: Message['type'] = 'deployment.failed'): Message => ({
  type,
  timestamp: '2026-11-29T12:00:00.000Z',
  data: {
    project: { id: 'proj_1', name: 'my-app', repository: 'acme/my-app' },
    environment: { id: 'env_1', branch: 'feature/x', url: 'https://feature-x-my-app.nexos.dev' },
    deployment: DEPLOYMENT,
    webhook: null,
    reason: 'build_failed',
    message: null,
    ...data,
  },
});
const hostile = message({
  project: { id: 'proj_1', name: HOSTILE, repository: 'acme/my-app' },
  environment: { id: 'env_1', branch: HOSTILE, url: 'https://x.nexos.dev' },
  deployment: {
    ...DEPLOYMENT,
    commit_message: HOSTILE,
    failure: { code: 'build_failed', message: HOSTILE.repeat(200) },
  },
});

interface SlackText {
  readonly type: string;
  readonly text: string;
  readonly emoji?: boolean;
}
interface Slack {
  readonly text: string;
  readonly blocks: { type: string; text?: SlackText; fields?: SlackText[] }[];
}
interface Discord {
  readonly allowed_mentions: object;
  readonly embeds: { title: string; description?: string; url?: string; fields: { value: string }[] }[];
}
const slack = (of: Message) => JSON.parse(renderMessage(of, 'slack')) as Slack;
const discord = (of: Message) => JSON.parse(renderMessage(of, 'discord')) as Discord;

describe('a message for Slack', () => {
  it('has URL, branch, commit, duration and failure', () => {
    expect(slack(message())).toEqual({
      text: 'my-app · feature/x: deployment failed',
      mrkdwn: false,
      blocks: [
        { type: 'header', text: plain('my-app · feature/x: deployment failed') },
        { type: 'section', text: { type: 'mrkdwn', text: '<https://feature-x-my-app.nexos.dev>' } },
        {
          type: 'section',
          fields: [
            plain('Repository\nacme/my-app'),
            plain('Branch\nfeature/x'),
            plain('Commit\n6dcb09b5b5 Add a page'),
            plain('Duration\n2 min 5 s'),
            plain('Reason\nbuild_failed'),
          ],
        },
        { type: 'section', text: plain('The build failed.') },
      ],
    });
  });

  it('has no mention, link or Markdown of a stranger', () => {
    const { text, blocks } = slack(hostile);
    expect(text).not.toMatch(/[<>]/);
    const texts = blocks.flatMap((block) => [...(block.fields ?? []), ...(block.text ? [block.text] : [])]);
    const interpreted = texts.filter(({ type }) => type !== 'plain_text');
    expect(interpreted).toEqual([{ type: 'mrkdwn', text: '<https://x.nexos.dev>' }]);
    for (const one of texts) {
      expect(one.text).not.toMatch(/[\u202e\u0007]/);
      if (one.type === 'plain_text') expect(one.emoji).toBe(false);
    }
  });

  it('stays within the lengths that Slack accepts', () => {
    for (const { type, text, fields = [] } of slack(hostile).blocks) {
      expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
      for (const field of fields) expect(field.text.length).toBeLessThanOrEqual(2_000);
    }
  });

  it('does not link to an environment that was destroyed', () => {
    const { blocks } = slack(message({ deployment: null, reason: null }, 'environment.destroyed'));
    expect(JSON.stringify(blocks)).not.toContain('https://');
  });

  it('of a test needs nothing else', () => {
    const none = { project: null, environment: null, deployment: null, reason: null };
    expect(slack(message({ ...none, message: 'It works.' }, 'test'))).toEqual({
      text: 'Test message from Nexos',
      mrkdwn: false,
      blocks: [
        { type: 'header', text: plain('Test message from Nexos') },
        { type: 'section', text: plain('It works.') },
      ],
    });
  });
});

describe('a message for Discord', () => {
  it('mentions nobody, and escapes what a stranger wrote', () => {
    const { allowed_mentions, embeds } = discord(hostile);
    expect(allowed_mentions).toEqual({ parse: [] });
    const [{ title, description, fields } = { title: '', fields: [] }] = embeds;
    for (const text of [title, description ?? '', ...fields.map(({ value }) => value)]) {
      expect(text.replaceAll(/\\[^]/g, '')).not.toMatch(/[*_`~<>@[\]():|#]/);
    }
  });

  it('stays within the lengths that Discord accepts', () => {
    const [{ title, description, fields } = { title: '', fields: [] }] = discord(hostile).embeds;
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description?.length).toBeLessThanOrEqual(4_096);
    for (const { value } of fields) expect(value.length).toBeLessThanOrEqual(1_024);
    const total = [title, description ?? '', ...fields.map(({ value }) => value)].join('').length;
    expect(total).toBeLessThanOrEqual(6_000);
  });

  it('links to the environment', () => {
    expect(discord(message()).embeds[0]).toMatchObject({
      title: String.raw`my\-app · feature/x\: deployment failed`,
      url: 'https://feature-x-my-app.nexos.dev',
      color: 0xd1242f,
    });
  });
});

it.each(['standard', 'json'] as const)('a message as %s is the message itself', (format) => {
  expect(JSON.parse(renderMessage(message(), format))).toEqual(message());
});

function plain(text: string): SlackText {
  return { type: 'plain_text', text, emoji: false };
}
