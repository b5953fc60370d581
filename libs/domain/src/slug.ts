/** The longest label that DNS allows (RFC 1035, section 2.3.4). */
const MAX_LABEL = 63;
const MAX_PROJECT_SLUG = 40;

/** Lower-case ASCII letters, digits and inner hyphens; empty when the text holds none of them. */
function slugify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function cut(slug: string, length: number): string {
  return slug.slice(0, length).replace(/-+$/, '');
}

/** 32-bit FNV-1a over UTF-16 code units, in base 36: a short mark, not a security measure. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, '0');
}

/** The slug of a project's name; `attempt` above 0 makes another one for a name that is taken. */
export function projectSlug(name: string, attempt = 0): string {
  const slug = cut(slugify(name), MAX_PROJECT_SLUG) || `project-${shortHash(name)}`;
  return attempt === 0 ? slug : `${cut(slug, MAX_PROJECT_SLUG - 5)}-${attempt + 1}`;
}

/**
 * The host label `{branch}-{project}` of an environment. It carries a short hash where it had to be cut,
 * where the branch has nothing to make a label of, or for every `attempt` above 0 (the label before was
 * taken: `a-b` + `c` reads like `a` + `b-c`).
 *
 * @param identity what the hash is made of: something only this environment has, such as its id
 */
export function hostLabel(branch: string, projectSlug: string, identity: string, attempt = 0): string {
  const branchSlug = slugify(branch);
  const plain = `${branchSlug}-${projectSlug}`;
  if (attempt === 0 && branchSlug !== '' && plain.length <= MAX_LABEL) return plain;
  const mark = shortHash(attempt < 2 ? identity : `${identity}#${attempt}`);
  const readable = cut(branchSlug === '' ? projectSlug : plain, MAX_LABEL - mark.length - 1);
  return `${readable}-${mark}`;
}
