import type { NexosStack } from '../nexos/nexos-stack.js';

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: unknown }>>;
}

/** The ids to ask for, by the word before `{id}` in a path. */
export type Ids = Readonly<Record<string, readonly string[]>>;

/** Not asked: they lead a browser to GitHub. */
const SIGN_IN = '/auth/github';

/** What every GET of the API answers, by path; logs as a page and as a stream, read to its end or for a while. */
export async function everyGet(nexos: NexosStack, ids: Ids): Promise<Map<string, string>> {
  const document = await nexos.api.get<Document>('/openapi.json');
  const answers = new Map<string, string>();
  const routes = Object.entries(document.paths).filter(
    ([path, { get }]) => get !== undefined && !path.includes(SIGN_IN),
  );
  for (const [route] of routes) {
    for (const path of pathsOf(route, ids)) {
      const response = await nexos.api.request('GET', path);
      answers.set(
        path,
        `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`,
      );
      if (path.endsWith('/logs')) answers.set(`${path} as a stream`, await streamText(nexos, path));
    }
  }
  return answers;
}

function pathsOf(route: string, ids: Ids): string[] {
  const path = route.replace(/^\/api/, '');
  const kind = /\/([a-z-]+)\/\{id\}/.exec(path)?.[1];
  if (kind === undefined) return [path];
  const known = ids[kind];
  if (known === undefined) throw new Error(`${route}: there is no id to ask for`);
  return known.map((id) => path.replace('{id}', id));
}

/** Until the first event: the stream may begin late. */
const FIRST_EVENT_MS = 10_000;
const SILENCE_MS = 3_000;

/** The stream of an environment's log ends only with the environment: it is read until it has been silent for a while. */
async function streamText(nexos: NexosStack, path: string): Promise<string> {
  const texts: string[] = [];
  const events = nexos.api.followAt(path);
  for (;;) {
    const next = await Promise.race([
      events.next(),
      silence(texts.length === 0 ? FIRST_EVENT_MS : SILENCE_MS),
    ]);
    if (next === 'silent' || next.done === true) break;
    texts.push(JSON.stringify(next.value));
  }
  // Not awaited: a stream that is silent does not hear of it before its next event.
  events.return(undefined).catch(() => undefined);
  return texts.join('\n');
}

function silence(ms: number): Promise<'silent'> {
  return new Promise((resolve) => setTimeout(() => resolve('silent'), ms));
}
