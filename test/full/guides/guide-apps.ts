/** A small app for a section of the guide. */
export interface GuideApp {
  /** A fixture some of whose files it takes over, by their paths in a folder of it. */
  readonly from?: { readonly fixture: string; readonly folder: string; readonly paths: RegExp };
  readonly files: Readonly<Record<string, string>>;
  /** What its page contains. */
  readonly answer: string;
}

const HELLO = 'hello from the guide';
const SERVER = `require('node:http')
  .createServer((request, response) => response.end('${HELLO}'))
  .listen(process.env.PORT, '0.0.0.0');
`;
const packageJson = (more: object = {}) =>
  JSON.stringify({ name: 'app', version: '1.0.0', private: true, ...more });
const PACKAGE_LOCK = JSON.stringify({
  name: 'app',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: { '': { name: 'app', version: '1.0.0' } },
});
const PNPM_LOCK = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}
`;
const YARN_LOCK = `__metadata:
  version: 8
  cacheKey: 10c0

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  languageName: unknown
  linkType: soft
`;
const NEST_MAIN = `import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Controller()
class Hello {
  @Get()
  greet(): string {
    return '${HELLO}';
  }
}

@Module({ controllers: [Hello] })
class App {}

const app = await NestFactory.create(App);
await app.listen(process.env.PORT ?? 3000, '0.0.0.0');
`;
const PYTHON_APP = `def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'${HELLO}']
`;
const GO_MAIN = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "${HELLO}") })
	panic(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
`;
/** The versions of Debian 12. */
const GEM_LOCK = `GEM
  remote: https://rubygems.org/
  specs:
    nio4r (2.5.8)
    puma (5.6.5)
      nio4r (~> 2.0)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  puma

BUNDLED WITH
   2.3.15
`;
const PAGE = `<!doctype html><title>${HELLO}</title>\n`;

/** By the title of the section. */
export const GUIDE_APPS: Readonly<Record<string, GuideApp>> = {
  'Node.js with npm': {
    files: { 'server.js': SERVER, 'package.json': packageJson(), 'package-lock.json': PACKAGE_LOCK },
    answer: HELLO,
  },
  'Node.js with pnpm': {
    files: { 'server.js': SERVER, 'package.json': packageJson(), 'pnpm-lock.yaml': PNPM_LOCK },
    answer: HELLO,
  },
  'Node.js with Yarn': {
    files: {
      'server.js': SERVER,
      'package.json': packageJson({ packageManager: 'yarn@4.9.2' }),
      'yarn.lock': YARN_LOCK,
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
    },
    answer: HELLO,
  },
  'Next.js': {
    from: { fixture: 'nextjs', folder: '', paths: /^(?:package(?:-lock)?\.json|next\.config\.mjs)$/ },
    files: {
      'app/layout.js':
        'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }\n',
      'app/page.js': `export default function Page() { return <p>${HELLO}</p>; }\n`,
    },
    answer: HELLO,
  },
  Vite: { from: { fixture: 'vite-api', folder: 'web/', paths: /^/ }, files: {}, answer: '/assets/' },
  NestJS: {
    from: {
      fixture: 'nest-typeorm',
      folder: '',
      paths: /^(?:package(?:-lock)?|nest-cli|tsconfig)\.json$/,
    },
    files: { 'src/main.ts': NEST_MAIN },
    answer: HELLO,
  },
  Python: { files: { 'app.py': PYTHON_APP, 'requirements.txt': 'gunicorn\n' }, answer: HELLO },
  Go: { files: { 'go.mod': 'module example.com/app\n\ngo 1.19\n', 'main.go': GO_MAIN }, answer: HELLO },
  Ruby: {
    files: {
      'config.ru': `run ->(_) { [200, { 'content-type' => 'text/plain' }, ['${HELLO}']] }\n`,
      Gemfile: "source 'https://rubygems.org'\ngem 'puma'\n",
      'Gemfile.lock': GEM_LOCK,
    },
    answer: HELLO,
  },
  PHP: { files: { 'public/index.php': `<?php echo '${HELLO}';\n` }, answer: HELLO },
  'Static files': { files: { 'index.html': PAGE }, answer: HELLO },
};
