import type { ApiPropertyOptions } from '@nestjs/swagger';

type Swagger = typeof import('@nestjs/swagger');
type Decorator = (target: object, property: string | symbol, descriptor?: PropertyDescriptor) => void;

/** Swagger's decorators that wait until somebody asks for the OpenAPI document. */
const pending: ((swagger: Swagger) => void)[] = [];

/** Applies a decorator of swagger's once swagger is loaded: it takes 12 MB that most processes never need. */
export function applyLater(decorator: (swagger: Swagger) => unknown): Decorator {
  return (target, property, descriptor) => {
    pending.push((swagger) =>
      (decorator(swagger) as Decorator)(target, property, ...(descriptor === undefined ? [] : [descriptor])),
    );
  };
}

/** Describes a field for the OpenAPI document, like swagger's decorator of the same name. */
export function ApiProperty(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyLater((swagger) => swagger.ApiProperty(options));
}

/** Applies the decorators of all classes that are loaded, each once. */
export function applyPending(swagger: Swagger): void {
  for (const apply of pending.splice(0)) apply(swagger);
}
