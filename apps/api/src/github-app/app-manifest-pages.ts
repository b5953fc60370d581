import type { AppManifest } from '@nexos/domain';
import { escapeHtml, htmlPage } from '../http/html-page.js';

/** Renders the page that sends a manifest to GitHub. @param action where the form is sent */
export function manifestPage(action: string, manifest: AppManifest, warnings: readonly string[]): string {
  const permissions = Object.entries(manifest.default_permissions).map(
    ([name, level]) => `<li>${escapeHtml(name)}: ${escapeHtml(level)}</li>`,
  );
  return htmlPage(
    'Create the GitHub App of Nexos',
    `<p>GitHub will ask you to confirm. It then sends you back here, and Nexos stores the App's credentials.</p>
<p>The App gets these permissions in the repositories that it is installed on:</p><ul>${permissions.join('')}</ul>
${warnings.map((warning) => `<p><b>${escapeHtml(warning)}</b></p>`).join('')}
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}">
<button type="submit">Continue on ${escapeHtml(new URL(action).host)}</button>
</form>`,
  );
}

/** Renders what to do once the App is stored. */
export function storedPage(
  { name, htmlUrl }: { readonly name: string; readonly htmlUrl: string },
  warnings: readonly string[],
): string {
  const install = escapeHtml(`${htmlUrl}/installations/new`);
  return htmlPage(
    'The GitHub App is connected',
    `<p>Nexos uses the App <b><bdi>${escapeHtml(name)}</bdi></b> from now on. Next, <a href="${install}">install it</a> on the
repositories to deploy. Users whose logins are in SIGN_IN_ALLOWED can sign in with it.</p>
${warnings.map((warning) => `<p><b>${escapeHtml(warning)}</b></p>`).join('')}`,
  );
}
