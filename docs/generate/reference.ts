import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { apiPage } from './api-page.js';
import { environmentVariablesPage } from './environment-variables-page.js';
import { errorsPage } from './errors-page.js';
import { metricsPage } from './metrics-page.js';
import type { OpenApi } from './openapi.js';
import { plansPage } from './plans-page.js';
import { settingsPage } from './settings-page.js';
import { statesPage } from './states-page.js';

/** Where the pages are, from the root of the repository. */
export const REFERENCE = 'docs/reference';

/** Returns every page of the reference by its file name, formatted. */
export async function referencePages(document: OpenApi): Promise<Map<string, string>> {
  const pages = {
    'api.md': apiPage(document),
    'environment-variables.md': environmentVariablesPage(),
    'errors.md': errorsPage(),
    'metrics.md': metricsPage(),
    'nexos-yaml.md': settingsPage(),
    'plans.md': plansPage(),
    'states.md': statesPage(),
  };
  const style = await resolveConfig(fileURLToPath(import.meta.url));
  const formatted = Object.entries(pages).map(
    async ([name, text]) => [name, await format(text, { ...style, parser: 'markdown' })] as const,
  );
  return new Map(await Promise.all(formatted));
}
