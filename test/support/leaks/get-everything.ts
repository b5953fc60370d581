import type { NexosStack } from '../nexos/nexos-stack.js';

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: unknown }>>;
}

/** The ids to request, by the word before `{id}` in a path. */
export type Ids = Readonly<Record<string, readonly string[]>>;

/** Not requested, as these paths redirect a browser to GitHub, or need a GitHub App. */
const WITH_GITHUB = /^(\/api)?\/(auth\/)?github\//;

/** Returns the response of every GET of the API by path; logs as a page and as a stream, read to its end or silence. */
export async function getEverything(nexos: NexosStack, ids: Ids): Promise<Map<string, string>> {
  const document = await nexos.api.get<Document>('/openapi.json');
  const answers = new Map<string, string>();
  const routes = Object.entries(document.paths).filter(
    ([path, { get }]) => get !== undefined && !WITH_GITHUB.test(`${path}/`),
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
  if (known === undefined) throw new Error(`${route}: no id to request`);
  return known.map((id) => path.replace('{id}', id));
}

/** The silence allowed before the first event, as the stream may begin late. */
const FIRST_EVENT_MS = 10_000;
const SILENCE_MS = 3_000;

/** Reads a stream until it ends or falls silent: that of an environment's log ends only with the environment. */
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
  // Not awaited: a silent stream does not notice before its next event.
  events.return(undefined).catch(() => undefined);
  return texts.join('\n');
}

function silence(ms: number): Promise<'silent'> {
  return new Promise((resolve) => setTimeout(() => resolve('silent'), ms));
}
