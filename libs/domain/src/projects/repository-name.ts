const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** Returns whether the text is a GitHub `owner/name`, and therefore safe in the path of a URL. */
export function isRepositoryName(text: string): boolean {
  const [owner = '', name = '', ...rest] = text.split('/');
  return rest.length === 0 && OWNER.test(owner) && NAME.test(name) && name !== '.' && name !== '..';
}

/** @throws {TypeError} when the text is not `owner/name` */
export function parseRepositoryName(text: string): { owner: string; name: string } {
  if (!isRepositoryName(text)) throw new TypeError('The repository must have the form owner/name.');
  const [owner = '', name = ''] = text.split('/');
  return { owner, name };
}
