import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { components, paths } from '@octokit/openapi-types';
import { type Answer, NOT_FOUND, unprocessable } from './api-request.js';
import { bodyProblem, isBoolean, isObject, isTexts, isUrl, shaped, text } from './body-shape.js';

type Integration = NonNullable<components['schemas']['integration']>;
type Shown = Pick<Integration, 'id' | 'name' | 'html_url' | 'events' | 'permissions'> & { slug: string };
type Conversion =
  paths['/app-manifests/{code}/conversions']['post']['responses']['201']['content']['application/json'];
type Created = Shown & Pick<Conversion, 'client_id' | 'client_secret' | 'webhook_secret' | 'pem'>;

/** The part of a manifest that the double looks at. */
interface Manifest {
  readonly name: string;
  readonly redirect_url: string;
  readonly hook_attributes?: { readonly url: string };
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: string[];
}

/** https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
const SHAPE = {
  required: { url: isUrl, redirect_url: isUrl },
  optional: {
    name: text(34),
    hook_attributes: shaped({ required: { url: isUrl }, optional: { active: isBoolean } }),
    callback_urls: isTexts,
    setup_url: isUrl,
    description: text(),
    public: isBoolean,
    default_events: isTexts,
    default_permissions: isObject,
    request_oauth_on_install: isBoolean,
    setup_on_update: isBoolean,
  },
};
const FORM = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/;

/** An App that was created from a manifest. */
export interface CreatedFromManifest {
  readonly id: number;
  readonly manifest: Manifest & Readonly<Record<string, unknown>>;
  /** Null for the App of a user. */
  readonly organization: string | null;
  readonly secrets: { readonly pem: string; readonly webhook: string; readonly client: string };
}

/** The settings page of GitHub that creates Apps from manifests, and the exchange of its codes. */
export class ManifestsDouble {
  readonly created: CreatedFromManifest[] = [];
  private readonly codes = new Map<string, CreatedFromManifest>();

  /** @param nextId the id of the Apps that are created next */
  constructor(public nextId: number) {}

  /**
   * Answers the form that a browser sends, as if its user then confirmed at once: redirects back with a code.
   */
  submit(path: string, query: URLSearchParams, form: URLSearchParams): Answer {
    const [isForm, organization = null] = FORM.exec(path) ?? [];
    if (isForm === undefined) return NOT_FOUND;
    const manifest = JSON.parse(form.get('manifest') ?? 'null') as CreatedFromManifest['manifest'];
    const problem = bodyProblem(manifest, SHAPE) ?? hookProblem(manifest);
    if (problem !== null) return unprocessable(problem);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const created = {
      id: this.nextId,
      manifest,
      organization,
      secrets: {
        pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
        webhook: randomBytes(20).toString('hex'),
        client: randomBytes(20).toString('hex'),
      },
    };
    this.created.push(created);
    const code = randomBytes(20).toString('hex');
    this.codes.set(code, created);
    const target = new URL(manifest.redirect_url);
    target.searchParams.set('code', code);
    const state = query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    return { status: 302, body: '', headers: { location: target.href } };
  }

  /** https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest */
  convert(code: string): Answer {
    const app = this.codes.get(code);
    this.codes.delete(code);
    if (app === undefined) return NOT_FOUND;
    const { pem, webhook, client } = app.secrets;
    const body: Created = {
      ...this.shown(app),
      client_id: `Iv1.${app.id}`,
      client_secret: client,
      webhook_secret: app.manifest.hook_attributes === undefined ? null : webhook,
      pem,
    };
    return { status: 201, body };
  }

  /** https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
  details(): Answer | null {
    const app = this.created.at(-1);
    return app === undefined ? null : { status: 200, body: this.shown(app) };
  }

  /** The key that the newest App signs with. */
  get publicKey(): KeyObject | null {
    const pem = this.created.at(-1)?.secrets.pem;
    return pem === undefined ? null : createPublicKey(pem);
  }

  private shown({ id, manifest, organization }: CreatedFromManifest): Shown {
    const slug = manifest.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    return {
      id,
      slug,
      name: manifest.name,
      html_url: `https://github.example/${organization === null ? 'apps' : `organizations/${organization}/apps`}/${slug}`,
      permissions: { ...manifest.default_permissions },
      events: [...manifest.default_events],
    };
  }
}

function hookProblem({ hook_attributes: hook }: Manifest): string | null {
  if (hook === undefined || !/^https?:\/\/(localhost|127\.)/.test(hook.url)) return null;
  return "Hook url is not supported because it isn't reachable over the public Internet (localhost).";
}
