import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { escapeHtml, htmlPage } from '../html-page.js';
import type { ApiError } from './api-error.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a browser opens this route, and so gets problems as a page. */
    isOpenedByBrowsers?: boolean;
  }
}

/** Returns the decorator of a route that people open in a browser: there, a problem is a page. */
export function openedByBrowsers(): MethodDecorator {
  return RouteConfig({ isOpenedByBrowsers: true });
}

/** Whether people open the route of a request in a browser. */
export function isOpenedByBrowsers({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isOpenedByBrowsers === true;
}

/** Whether a request gets a problem as a page: browsers ask for HTML by name, other clients do not. */
export function wantsPage(request: FastifyRequest): boolean {
  return isOpenedByBrowsers(request) && request.headers.accept?.includes('text/html') === true;
}

/** Renders a problem as a page. */
export function problemPage({ title, detail, errors }: ApiError, requestId: string): string {
  const fields = errors.map(({ field, message }) => `<li>${escapeHtml(`${field} ${message}`)}</li>`).join('');
  return htmlPage(
    title,
    `<p>${escapeHtml(detail)}</p>${fields === '' ? '' : `<ul>${fields}</ul>`}
<p><small>Request ${escapeHtml(requestId)}</small></p>`,
  );
}
