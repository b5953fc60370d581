/** Returns the URL of a path in the dashboard, by default of its start. */
export function dashboardPath(dashboardUrl: string, path = ''): string {
  const { origin, pathname } = new URL(dashboardUrl);
  return path === '' ? dashboardUrl : `${origin}${pathname.replace(/\/+$/, '')}${path}`;
}
