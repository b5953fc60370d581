import { Module, type DynamicModule } from '@nestjs/common';

/** Makes each loaded section injectable by its class. */
@Module({})
export class ConfigModule {
  static forRoot(sections: Record<string, object>): DynamicModule {
    const providers = Object.values(sections).map((section) => ({
      provide: section.constructor,
      useValue: section,
    }));
    return { module: ConfigModule, global: true, providers, exports: providers };
  }
}
