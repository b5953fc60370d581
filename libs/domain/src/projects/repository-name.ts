const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** Whether the text is `owner/name` as GitHub has them, and therefore safe inside a URL's path. */
export function isRepositoryName(text: string): boolean {
  const [owner = '', name = '', ...rest] = text.split('/');
  return rest.length === 0 && OWNER.test(owner) && NAME.test(name) && name !== '.' && name !== '..';
}

/** @throws {TypeError} when the text is not `owner/name` */
export function parseRepositoryName(text: string): { owner: string; name: string } {
  if (!isRepositoryName(text)) throw new TypeError('A repository is written owner/name.');
  const [owner = '', name = ''] = text.split('/');
  return { owner, name };
}
