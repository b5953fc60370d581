import { type components } from '@nexos/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment, LogEvent } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

type Page = components['schemas']['RuntimeLogResponse'];
const SECRET = 'hunter2-and-more';

/** Returns an app that logs its name and a secret at start, and a line for each visit. */
function talkingApp(name: string): Record<string, string> {
  const files = webApp(name);
  const talk = `
console.log(${JSON.stringify(`${name} knows `)} + process.env.TOKEN);
console.error('\\u001b[31mred\\u001b[0m');
let visits = 0;
server.on('request', () => console.log(${JSON.stringify(`${name} visit `)} + ++visits));
`;
  return { ...files, 'server.js': `${files['server.js'] ?? ''}${talk}` };
}

describe("an app's log", () => {
  let nexos: SharedStack;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.leave());

  const page = (id: string, query = '') => nexos.api.get<Page>(`/environments/${id}/logs${query}`);
  const texts = (events: readonly LogEvent[]) => events.map(({ data }) => String(data.text));
  /** Follows to the end of the stream. */
  async function follow(id: string, seen: LogEvent[], after?: string): Promise<void> {
    for await (const event of nexos.api.follow(id, after, 'environments')) seen.push(event);
  }
  const until = (seen: readonly LogEvent[], text: string) =>
    eventually(`the line ${text}`, () => Promise.resolve(texts(seen).includes(text) || undefined), {
      deadlineMs: 30_000,
      seen: () => texts(seen),
    });

  it('is available as JSON and as a live stream across versions, without secrets', async () => {
    const project = await TestProject.create(nexos);
    const variables = { key: 'TOKEN', value: SECRET };
    const put = await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, variables);
    expect(put.status).toBe(200);
    const first = await project.deploy(talkingApp('one'));
    const { id, url } = await project.environment();

    // A container's lines arrive soon after it has written them.
    const shown = await eventually('the first lines', async () => {
      const read = await page(id);
      return read.lines.length >= 2 ? read : undefined;
    });
    expect(shown.status).toBe('running');
    expect(shown.lines).toContainEqual({
      cursor: expect.stringContaining(first.id) as string,
      time: expect.any(String) as string,
      stream: 'stdout',
      text: 'one knows [redacted]',
      deployment_id: first.id,
    });
    expect(shown.lines).toContainEqual(expect.objectContaining({ stream: 'stderr', text: 'red' }));
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    const { next_cursor } = await page(id, '?tail=1');

    const seen: LogEvent[] = [];
    const following = follow(id, seen, next_cursor ?? '');
    await visit(url);
    const line = await eventually('a visit', () =>
      Promise.resolve(seen.find(({ data }) => String(data.text).startsWith('one visit'))),
    );
    expect(line).toMatchObject({ event: 'line', data: { stream: 'stdout', deployment_id: first.id } });

    const second = await project.deploy(talkingApp('two'));
    await until(seen, 'two knows [redacted]');
    await visit(url);
    expect(seen.find(({ data }) => data.text === 'two knows [redacted]')?.data.deployment_id).toBe(second.id);
    // No line twice, and none of the first version after the second version's first line.
    const ids = seen.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);

    const again: LogEvent[] = [];
    const resuming = follow(id, again, line.id);
    await until(again, 'two knows [redacted]');
    expect(again.map((event) => event.id)).not.toContain(line.id);

    await nexos.api.post<Environment>(`/environments/${id}/destroy`);
    await following;
    await resuming;
    expect(seen.at(-1)).toMatchObject({ event: 'end', data: { status: 'destroyed' } });
    expect(await page(id)).toEqual({ status: 'destroyed', lines: [], next_cursor: null });
  });
});
