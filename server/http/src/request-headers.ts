import type { FastifyRequest } from 'fastify';
import { HttpRefusal } from './refusal.ts';

/** The Idempotency-Key of a request. @throws HttpRefusal idempotency_key_missing, invalid */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new HttpRefusal('idempotency_key_missing', 'Send the header Idempotency-Key with a fresh UUID.', {
      field: 'header.Idempotency-Key',
    });
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new HttpRefusal('invalid', 'header.Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.', {
      field: 'header.Idempotency-Key',
    });
  }
  return key;
}

/** The event after which a stream resumes. @throws HttpRefusal invalid */
export function lastEventIdOf(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^evt_[0-9A-Za-z-]{1,64}$/.test(id)) return id;
  throw new HttpRefusal('invalid', 'header.Last-Event-ID is not the id of an event.', {
    field: 'header.Last-Event-ID',
  });
}
