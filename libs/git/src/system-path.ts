/** PATH of child processes. Explicit, because a child that inherited our environment would inherit our secrets. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';
