/** The longest label that DNS allows (RFC 1035, section 2.3.4). */
const MAX_LABEL = 63;
const MAX_PROJECT_SLUG = 40;

/** Reduces a text to lower-case ASCII letters, digits and inner hyphens; empty when it contains none. */
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

/** Returns the 32-bit FNV-1a hash of the UTF-16 code units in base 36: a short suffix, not a security measure. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, '0');
}

/** Returns the slug of a project's name; an `attempt` above 0 gives another one when the slug is taken. */
export function projectSlug(name: string, attempt = 0): string {
  const slug = cut(slugify(name), MAX_PROJECT_SLUG) || `project-${shortHash(name)}`;
  return attempt === 0 ? slug : `${cut(slug, MAX_PROJECT_SLUG - 5)}-${attempt + 1}`;
}

/**
 * Returns the host label `{branch}-{project}` of an environment. It ends with a short hash when it was truncated, when
 * the branch has no usable characters, and for every `attempt` above 0 (the previous label was taken: `a-b` + `c` equals
 * `a` + `b-c`).
 *
 * @param identity the input of the hash: something unique to this environment, such as its id
 */
export function hostLabel(branch: string, projectSlug: string, identity: string, attempt = 0): string {
  const branchSlug = slugify(branch);
  const plain = `${branchSlug}-${projectSlug}`;
  if (attempt === 0 && branchSlug !== '' && plain.length <= MAX_LABEL) return plain;
  const suffix = shortHash(attempt < 2 ? identity : `${identity}#${attempt}`);
  const readable = cut(branchSlug === '' ? projectSlug : plain, MAX_LABEL - suffix.length - 1);
  return `${readable}-${suffix}`;
}
