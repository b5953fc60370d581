import { applyDecorators, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApiExcludeEndpoint, ApiExtraModels } from '@nestjs/swagger';
import type { ErrorKind } from '../problems/api-error.js';
import type { Schema } from './schema.js';

/** A kind of body that is not made of a DTO or a response class. */
export interface RawContent {
  readonly schema: Schema;
  readonly example: unknown;
  /** Of a stream: the classes of its events' JSON data, by the event's name. Told as `x-events`. */
  readonly events?: Readonly<Record<string, Type>>;
}

export interface OperationOptions {
  /** A few words, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  /** The class of the body that a success answers with; none where there is no body. */
  readonly response?: Type;
  /** The success answers with an array of it, or with either one or an array. */
  readonly isArray?: boolean | 'either';
  /** The next page is told in a `Link` header. */
  readonly paged?: boolean;
  /** Where it is not what Nest answers by itself: 201 to POST, 200 otherwise, or what `@HttpCode` says. */
  readonly status?: number;
  /** What the success means, where "Done" does not tell. */
  readonly success?: string;
  /** Errors beyond those that follow from the route: see `problemsOf`. */
  readonly errors?: readonly ErrorKind[];
  /** Further kinds of body that the success may have, such as an event stream. */
  readonly alsoAnswers?: Readonly<Record<string, RawContent>>;
  /** The DTOs that the body may be one of, where it is no parameter of the handler that tells. */
  readonly bodies?: readonly Type[];
  /** Kinds of body that it takes beside, or instead of, the DTO. */
  readonly alsoTakes?: Readonly<Record<string, RawContent>>;
  /** Request headers of its own. */
  readonly headers?: Readonly<Record<string, { description: string; required?: boolean; example: string }>>;
  /** Response headers of its own. */
  readonly answersHeaders?: Readonly<Record<string, { description: string; example: string }>>;
}

export const OperationMetadata = DiscoveryService.createDecorator<OperationOptions | 'undocumented'>();

/**
 * Describes a route for the OpenAPI document. A route that has neither this nor `@Undocumented()` keeps the API from
 * booting.
 */
export function Operation(options: OperationOptions): MethodDecorator {
  const { response, bodies = [], alsoAnswers = {} } = options;
  const events = Object.values(alsoAnswers).flatMap((content) => Object.values(content.events ?? {}));
  const models = [...(response === undefined ? [] : [response]), ...bodies, ...events];
  return applyDecorators(OperationMetadata(options), ApiExtraModels(...models));
}

/** For what is not part of the public API. */
export function Undocumented(): MethodDecorator {
  return applyDecorators(OperationMetadata('undocumented'), ApiExcludeEndpoint());
}
