import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { code, page, table } from './markdown.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEFINITION =
  /(?:readonly (\w+) = )?(?:new (Counter|Gauge|Histogram)|\.(gauge))\(\{\s*name: '(nexos_\w+)',\s*help: '([^']+)',\s*labelNames: \[([^\]]*)\]/g;
const NAMED = /name: 'nexos_\w+'/g;

const INTRODUCTION = `Each process serves its own metrics at \`GET /metrics\`, in Prometheus's text format, along with the Node.js metrics of
\`prom-client\`. [The operating guide](../operating/metrics-and-health.md) says where, and which to watch.`;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labels: readonly string[];
  /** Empty where any process may count it. */
  readonly apps: readonly string[];
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Returns `metrics.md`, from the places that define a metric. */
export function metricsPage(): string {
  const sources = ['apps', 'libs'].flatMap(sourcesBelow);
  const metrics = sources.flatMap((source) => metricsIn(source, sources));
  const rows = metrics
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
    .map(({ name, type, labels, apps, help }) => [
      code(name),
      type,
      labels.map(code).join(', ') || '–',
      apps.join(', ') || 'all',
      `${help}.`,
    ]);
  return page('Metrics', INTRODUCTION, table(['metric', 'type', 'labels', 'of', 'description'], rows));
}

/** @throws {Error} for a metric that is written in another way than DEFINITION expects */
function metricsIn({ path, text }: Source, sources: readonly Source[]): Metric[] {
  const found = [...text.matchAll(DEFINITION)];
  if (found.length !== [...text.matchAll(NAMED)].length) {
    throw new Error(`${path} defines a metric in a way that metrics-page.ts cannot read.`);
  }
  return found.map(([, property, type, , name = '', help = '', labels = '']) => ({
    name,
    help,
    type: type?.toLowerCase() ?? 'gauge',
    labels: [...labels.matchAll(/'(\w+)'/g)].map(([, label = '']) => label),
    apps: appOf(path) ?? appsThatUse(property ?? '', sources),
  }));
}

function appOf(path: string): [string] | undefined {
  const app = /^apps\/(\w+)\//.exec(path)?.[1];
  return app === undefined ? undefined : [app];
}

/** The apps that count a metric which a library defines; none where the library does so itself. */
function appsThatUse(property: string, sources: readonly Source[]): string[] {
  const users = sources.filter(({ text }) => text.includes(`metrics.${property}.`));
  const apps = users.map(({ path }) => appOf(path)?.[0]);
  return apps.every((app) => app !== undefined) ? [...new Set(apps)] : [];
}

function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') }));
}
