/** A cookie as a server set it. */
export interface Cookie {
  readonly value: string;
  readonly path: string;
  /** The whole `Set-Cookie` header. */
  readonly header: string;
}

/** Keeps cookies and sends them where they belong, as a browser does. It follows no redirects. */
export class Browser {
  readonly cookies = new Map<string, Cookie>();

  /** @param baseUrl of the API, without its `/api` */
  constructor(readonly baseUrl: string) {}

  async request(method: string, target: string, headers: Record<string, string> = {}): Promise<Response> {
    const url = new URL(target, this.baseUrl);
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...this.cookieHeader(url), ...headers },
    });
    for (const header of response.headers.getSetCookie()) this.keep(header);
    return response;
  }

  get(target: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.request('GET', target, headers);
  }

  /** Goes to GitHub, and returns the URL that GitHub redirects back to. */
  async toGithub(query = ''): Promise<string> {
    const toGithub = await this.get(`/api/auth/github${query}`);
    const back = await fetch(locationOf(toGithub), { redirect: 'manual' });
    // The API listens here, regardless of its public address.
    const { pathname, search } = new URL(locationOf(back));
    return new URL(pathname + search, this.baseUrl).href;
  }

  /** Goes to GitHub and comes back; returns the API's final response. */
  async signIn(query = ''): Promise<Response> {
    return this.get(await this.toGithub(query));
  }

  private cookieHeader(url: URL): Record<string, string> {
    const mine = [...this.cookies].filter(([, { path }]) => url.pathname.startsWith(path));
    const isOurs = url.origin === new URL(this.baseUrl).origin && mine.length > 0;
    return isOurs ? { cookie: mine.map(([name, { value }]) => `${name}=${value}`).join('; ') } : {};
  }

  private keep(header: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    if (/; Max-Age=0(;|$)/.test(header)) this.cookies.delete(name);
    else this.cookies.set(name, { value, path: /; Path=([^;]+)/.exec(header)?.[1] ?? '/', header });
  }
}

export function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (response.status !== 302 || location === null)
    throw new Error(`got ${response.status} instead of a redirect`);
  return location;
}
