import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { RequestSlots } from './request-slots.js';
import { RequestSlotsInterceptor } from './request-slots.interceptor.js';

/** Must be imported before what holds a connection to the database around handlers: interceptors run in module order. */
@Module({
  providers: [RequestSlots, { provide: APP_INTERCEPTOR, useClass: RequestSlotsInterceptor }],
  exports: [RequestSlots],
})
export class RequestSlotsModule {}
