import { Controller, Delete, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { RouteWrites } from '../../../apps/api/src/audit/route-writes.js';
import { Writes, WritesNothing } from '../../../apps/api/src/audit/writes.decorator.js';

async function boot(...controllers: (new () => object)[]): Promise<string> {
  @Module({ imports: [DiscoveryModule], providers: [RouteWrites], controllers })
  class App {}
  const module = await Test.createTestingModule({ imports: [App] }).compile();
  try {
    await module.init();
    return 'booted';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await module.close();
  }
}

@Controller('declared')
@WritesNothing()
class DeclaredController {
  @Get()
  read(): string {
    return '';
  }

  @Post()
  @Writes('project.create')
  create(): string {
    return this.notARoute();
  }

  notARoute(): string {
    return '';
  }
}

@Controller('silent')
class SilentController {
  @Get()
  read(): string {
    return '';
  }
}

@Controller('reading')
@WritesNothing()
class ReadingController {
  @Delete()
  remove(): string {
    return '';
  }
}

@Controller('denying')
class DenyingController {
  @Post()
  @WritesNothing()
  create(): string {
    return '';
  }
}

describe('RouteWrites', () => {
  it('accepts routes that declare what they write, or that they write nothing', async () => {
    expect(await boot(DeclaredController)).toBe('booted');
  });

  it('stops the boot of an API with an undeclared route, and names the route', async () => {
    expect(await boot(DeclaredController, SilentController)).toContain('SilentController.read');
  });

  it('does not accept that a route with an unsafe method writes nothing', async () => {
    expect(await boot(ReadingController)).toContain('ReadingController.remove');
    expect(await boot(DenyingController)).toContain('DenyingController.create');
  });
});
