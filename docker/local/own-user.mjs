// @ts-check

/**
 * Containers that write into the home run as the user whose home it is, so that the files stay theirs. Root's
 * containers drop to the image's own user by themselves.
 *
 * @returns {{ User?: string }}
 */
export function ownUser() {
  const uid = process.getuid?.() ?? 0;
  return uid === 0 ? {} : { User: `${uid}:${process.getgid?.() ?? uid}` };
}
