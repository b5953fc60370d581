import { generateKeyPairSync } from 'node:crypto';
import { createApp as createAppOnGithub, submitManifest } from '../../support/github-api/create-app.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import type { TestSystem } from '../../support/global-setup.js';
import type { CreatedFromManifest } from '../../support/github-api/manifests.js';
import type { ApiClient } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload } from '../../support/nexos/webhook-sender.js';
import { commit } from './api-fixture.js';

export const APP_ID = 4242;
export const PUBLIC_URL = 'https://nexos.example.com';

/** The page that sends a manifest to GitHub. */
interface ManifestPage {
  readonly response: Response;
  readonly html: string;
  /** Where its form is sent. */
  readonly action: string;
  /** JSON */
  readonly manifest: string;
}

/** An API without a GitHub App, and a double of GitHub that creates one. */
export class GithubAppSystem {
  private constructor(
    readonly nexos: NexosStack,
    readonly github: GithubApi,
  ) {}

  static async start(system: TestSystem): Promise<GithubAppSystem> {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const github = await GithubApi.start({ id: String(APP_ID), publicKey });
    const nexos = await NexosStack.start(system, {
      apps: ['api'],
      env: {
        REPOSITORIES: 'any',
        GITHUB_URL: github.webUrl,
        GITHUB_API_URL: github.url,
        GITHUB_WEBHOOK_SECRET: '',
        PUBLIC_API_URL: PUBLIC_URL,
      },
    });
    return new GithubAppSystem(nexos, github);
  }

  async stop(): Promise<void> {
    await this.nexos.stop();
    await this.github.stop();
  }

  /** Has GitHub work, and Nexos forget its App. */
  async reset(): Promise<void> {
    this.github.failWhen(null);
    this.github.simulate(null);
    await this.nexos.api.request('DELETE', '/github/app');
  }

  /** Returns what the API says of the App. */
  describe(api: ApiClient = this.nexos.api): Promise<object> {
    return api.get('/github/app');
  }

  /** The App that GitHub created last. */
  get newest(): CreatedFromManifest {
    const app = this.github.manifests.created.at(-1);
    if (app === undefined) throw new Error('no App was created');
    return app;
  }

  /** Delivers a push that is signed with a secret. */
  push(secret: string): Promise<Response> {
    const payload = pushPayload({
      repository: 'acme/shop',
      branch: 'main',
      before: NO_COMMIT,
      after: commit(1),
    });
    return this.nexos.webhooks.send('push', payload, { secret });
  }

  /** Sends a browser to a URL of this API, which listens here regardless of its public address. */
  visit(url: string | URL): Promise<Response> {
    const { pathname, search } = new URL(url);
    return fetch(`${this.nexos.api.baseUrl}${pathname}${search}`);
  }

  async begin(body: object = {}): Promise<{ url: string; expires_at: string; warnings: string[] }> {
    return this.nexos.api.post('/github/app-manifest', body);
  }

  async open(url: string): Promise<ManifestPage> {
    const response = await this.visit(url);
    const html = await response.text();
    const attribute = (pattern: RegExp) => unescapeHtml(pattern.exec(html)?.[1] ?? '');
    return {
      response,
      html,
      action: attribute(/<form method="post" action="([^"]*)">/),
      manifest: attribute(/name="manifest" value="([^"]*)">/),
    };
  }

  /** Creates an App on GitHub; returns the URL that GitHub sends the browser back to. */
  async create(body: object = {}): Promise<URL> {
    const { action, manifest } = await this.open((await this.begin(body)).url);
    return submitManifest(action, manifest);
  }

  /** Creates an App on GitHub and stores it; returns the page that is shown last. */
  async connect(body: object = {}): Promise<string> {
    const response = await this.visit(await this.create(body));
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    return text;
  }

  /** Returns a callback with the code of another App. */
  async withAnotherCode(callback: URL): Promise<URL> {
    const other = new URL(callback);
    other.searchParams.set('code', await createAppOnGithub(this.github));
    return other;
  }

  /** The secrets of all Apps that were created, in forms that survive being printed. */
  get secrets(): string[] {
    return this.github.manifests.created.flatMap(({ secrets: { pem, webhook, client } }) => [
      pem.split('\n')[3] ?? '',
      webhook,
      client,
    ]);
  }

  /** The exchanges of codes that GitHub was asked for. */
  get conversions(): number {
    return this.github.requests.filter((request) => request.endsWith('/conversions')).length;
  }
}

function unescapeHtml(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}
