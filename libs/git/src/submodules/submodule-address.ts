import { isRepositoryName } from '@nexos/domain';

/** The repository that an address leads to, or why it leads to none that may be fetched. */
export type SubmoduleAddress = { readonly repository: string } | { readonly problem: string };

const LONGEST = 2048;
const URL_SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** `git@github.com:owner/name.git`, but not `ext::…`, which names a program to run. */
const SCP_LIKE = /^(?:[^@/:]+@)?([^@/:]+):(?!:)(.*)$/;
const SSH = ['ssh:', 'git+ssh:', 'ssh+git:'];

/**
 * Resolves the address of a submodule to a repository of the same Git host. An SSH address of that host counts as well, because the
 * repository is fetched over HTTP with the credentials of the project in any case.
 *
 * @param host URL of the Git host, which may end in a path
 * @param parent `owner/name` of the repository with the submodule, which relative addresses start from
 */
export function resolveSubmodule(host: string, parent: string, address: string): SubmoduleAddress {
  if (address === '' || address.length > LONGEST || address.startsWith('-') || /\p{Cc}/u.test(address))
    return { problem: 'its address in .gitmodules is not a URL' };
  if (/^\.{1,2}\//.test(address)) return fromRelative(host, parent, address);
  const [, scheme] = URL_SCHEME.exec(address) ?? [];
  if (scheme !== undefined) return fromUrl(host, scheme, address);
  const [, name, path] = SCP_LIKE.exec(address) ?? [];
  if (name === undefined || path === undefined)
    return { problem: 'its address in .gitmodules is a path, not a URL' };
  return name.toLowerCase() === new URL(host).hostname ? repositoryAt(host, path) : onOtherHost(host, name);
}

/** https://git-scm.com/docs/git-submodule#Documentation/git-submodule.txt-add */
function fromRelative(host: string, parent: string, address: string): SubmoduleAddress {
  const parts = parent.split('/');
  let rest = address;
  for (let step = /^\.{1,2}\/+/.exec(rest); step !== null; step = /^\.{1,2}\/+/.exec(rest)) {
    if (step[0].startsWith('..') && parts.pop() === undefined)
      return { problem: `its address in .gitmodules leaves ${new URL(host).host}` };
    rest = rest.slice(step[0].length);
  }
  return repositoryAt(host, [...parts, rest].join('/'));
}

function fromUrl(host: string, scheme: string, address: string): SubmoduleAddress {
  const protocol = `${scheme.toLowerCase()}:`;
  if (!SSH.includes(protocol) && protocol !== 'http:' && protocol !== 'https:')
    return {
      problem: `its address in .gitmodules begins with ${scheme.slice(0, 20)}://, which is not fetched`,
    };
  if (!URL.canParse(address)) return { problem: 'its address in .gitmodules is not a URL' };
  const url = new URL(address);
  const own = new URL(host);
  const isSame = SSH.includes(protocol)
    ? url.hostname.toLowerCase() === own.hostname
    : url.origin === own.origin || isUpgradable(url, own);
  if (!isSame) return onOtherHost(host, url.host);
  if (url.search !== '' || url.hash !== '') return notARepository(host);
  if (SSH.includes(protocol)) return repositoryAt(host, url.pathname);
  const folder = own.pathname.replace(/\/*$/, '/');
  return url.pathname.startsWith(folder)
    ? repositoryAt(host, url.pathname.slice(folder.length))
    : notARepository(host);
}

/** Returns whether an `http://` address is one of a host that is asked over `https://`. */
function isUpgradable(url: URL, own: URL): boolean {
  return (
    url.protocol === 'http:' &&
    own.protocol === 'https:' &&
    url.port === '' &&
    own.port === '' &&
    url.hostname === own.hostname
  );
}

function repositoryAt(host: string, path: string): SubmoduleAddress {
  const repository = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return isRepositoryName(repository) ? { repository } : notARepository(host);
}

function notARepository(host: string): SubmoduleAddress {
  return { problem: `its address in .gitmodules is not a repository owner/name of ${new URL(host).host}` };
}

function onOtherHost(host: string, other: string): SubmoduleAddress {
  return {
    problem: `it is on another host, ${other.slice(0, 100)}; submodules are fetched only from ${new URL(host).host}`,
  };
}
