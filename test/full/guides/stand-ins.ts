import { execFileSync } from 'node:child_process';

/** An image of Debian's packages in place of a public one. */
interface StandIn {
  readonly packages: string;
  /** Further instructions. */
  readonly then?: string;
}

const NGINX = `RUN printf '%s\\n' 'pid /tmp/nginx.pid;' 'events {}' \\
  'http { include mime.types; server { listen 8080; root /usr/share/nginx/html; } }' > /etc/nginx/nginx.conf
CMD ["nginx", "-g", "daemon off;"]`;
const APACHE = `RUN ln -sf /dev/stderr /var/log/apache2/error.log
CMD ["apachectl", "-D", "FOREGROUND"]`;

/** By the public image, where setup has none. */
const STAND_INS: Readonly<Record<string, StandIn>> = {
  'nginxinc/nginx-unprivileged:1.29': { packages: 'nginx-light', then: NGINX },
  // Everything that the app requires is installed already, so that pip fetches nothing.
  'python:3.13-slim': {
    packages: 'gunicorn python3-pip',
    then: 'ENV PIP_BREAK_SYSTEM_PACKAGES=1\nRUN ln -sf /usr/bin/python3 /usr/bin/python',
  },
  'golang:1.25': { packages: 'golang-go ca-certificates' },
  'ruby:3.4-slim': { packages: 'ruby bundler puma' },
  'composer:2': { packages: 'composer' },
  'php:8.4-apache': { packages: 'apache2 libapache2-mod-php', then: APACHE },
};
const EMPTY = 'gcr.io/distroless/static:nonroot';
const NODE = 'node:24-slim';
const FROM = /^FROM +(\S+)/gm;

/**
 * Returns a Dockerfile of the guide with the public images that it names replaced: by setup's Node.js, or by Debian's packages of
 * the same software, which are installed in stages above it.
 *
 * @param images of setup, by their short names
 * @throws {Error} when there is nothing to replace an image with
 */
export function withStandIns(dockerfile: string, images: Readonly<Record<string, string>>): string {
  const named = [...new Set(Array.from(dockerfile.matchAll(FROM), ([, image = '']) => image))];
  const stages = named.map((image) => `${stageOf(image, images)}\n`).join('\n');
  return stages + dockerfile.replaceAll(FROM, (_, image: string) => `FROM ${nameOf(image)}`);
}

function stageOf(image: string, images: Readonly<Record<string, string>>): string {
  if (image === EMPTY) return `FROM scratch AS ${nameOf(image)}\nUSER 65532`;
  // Corepack then gets Yarn from the npm registry.
  if (image === NODE)
    return `FROM ${images.node} AS ${nameOf(image)}\nENV COREPACK_NPM_REGISTRY=${npmRegistry()}`;
  const standIn = STAND_INS[image];
  if (standIn === undefined) throw new Error(`there is nothing in place of ${image}`);
  return `FROM ${images.debian} AS ${nameOf(image)}
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${standIn.packages} \\
  && rm -rf /var/lib/apt/lists/*
${standIn.then ?? ''}`;
}

/** The registry that npm uses on this machine, without the slash at its end. */
function npmRegistry(): string {
  return execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/+$/, '');
}

function nameOf(image: string): string {
  return `stand-in-${image.replaceAll(/[^a-z0-9]+/g, '-')}`;
}
