const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Returns the policy of a page that loads and runs nothing. @param formAction where it may send a form */
export function pagePolicy(formAction = "'none'"): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Renders a page that loads and runs nothing.
 *
 * @param title as text
 * @param body as HTML
 * @param refreshSeconds after how many seconds it reloads; by default it does not
 */
export function htmlPage(title: string, body: string, refreshSeconds?: number): string {
  const head = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`;
  const heading = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${heading}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#222;
overflow-wrap:anywhere}</style></head>
<body><h1>${heading}</h1>${body}</body>
</html>
`;
}

/** Escapes text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
