/** Where programs are looked for. Explicit, because a child that inherits our environment inherits our secrets. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';
