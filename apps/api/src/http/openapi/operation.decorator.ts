import { applyDecorators, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { ErrorKind } from '../problems/api-error.js';
import { openedByBrowsers } from '../problems/problem-page.js';
import { applyLater } from './api-property.js';
import type { Schema } from './schema.js';

/** A body without a DTO or a response class. */
export interface RawContent {
  readonly schema: Schema;
  readonly example: unknown;
  /** For a stream: the classes of its events' JSON data, by event name. Documented as `x-events`. */
  readonly events?: Readonly<Record<string, Type>>;
}

export interface OperationOptions {
  /** A few words, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  /** The class of the response body; undefined if there is no body. */
  readonly response?: Type;
  /** The response is an array of `response`, or with `either`, one or an array. */
  readonly isArray?: boolean | 'either';
  /** The response has a `Link` header with the next page. */
  readonly paged?: boolean;
  /** Only if it differs from Nest's default: 201 for POST, otherwise 200, or what `@HttpCode` says. */
  readonly status?: number;
  /** Describes the success; by default the summary. */
  readonly success?: string;
  /** Describes where the operation redirects to, if it may do so instead of responding with `response`. */
  readonly orRedirects?: string;
  /** Errors in addition to those that follow from the route (see `problemsOf`). */
  readonly errors?: readonly ErrorKind[];
  /** People open it in a browser, which gets problems as a page. */
  readonly isOpenedByBrowsers?: boolean;
  /** Other response bodies by media type, such as an event stream. */
  readonly alsoReturns?: Readonly<Record<string, RawContent>>;
  /** The DTOs that the body may be, if the handler's parameters do not show them. */
  readonly bodies?: readonly Type[];
  /** Other request bodies by media type, in addition to the DTO or instead of it. */
  readonly alsoAccepts?: Readonly<Record<string, RawContent>>;
  /** Request headers of this operation only. */
  readonly headers?: Readonly<Record<string, { description: string; required?: boolean; example: string }>>;
  /** Response headers of this operation only. */
  readonly answersHeaders?: Readonly<Record<string, { description: string; example: string }>>;
}

export const OperationMetadata = DiscoveryService.createDecorator<OperationOptions | 'undocumented'>();

/**
 * Describes a route for the OpenAPI document. The API refuses to start with a route that has neither this nor
 * `@Undocumented()`.
 */
export function Operation(options: OperationOptions): MethodDecorator {
  const { response, bodies = [], alsoReturns = {}, isOpenedByBrowsers = false } = options;
  const events = Object.values(alsoReturns).flatMap((content) => Object.values(content.events ?? {}));
  const models = [...(response === undefined ? [] : [response]), ...bodies, ...events];
  return applyDecorators(
    OperationMetadata(options),
    ...(isOpenedByBrowsers ? [openedByBrowsers()] : []),
    applyLater((swagger) => swagger.ApiExtraModels(...models)),
  );
}

/** Marks a route that is not part of the public API. */
export function Undocumented(): MethodDecorator {
  return applyDecorators(
    OperationMetadata('undocumented'),
    applyLater((swagger) => swagger.ApiExcludeEndpoint()),
  );
}
