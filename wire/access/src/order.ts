import { type Primitives, sivOpen, sivSeal } from '@cardea/kit-crypto';
import { concat } from '@cardea/kit-octets';
import type { Order } from '@cardea/wire-profile';
import { AccessError, inRange, reading, writing } from './errors.ts';
import { GRANT_ID_SIZE_OCTETS } from './grant-fields.ts';
import { ACCESS_MESSAGE } from './messages.ts';

/** Grants that one order may deny. */
export const ORDER_DENIED_MAX = 40;
/** Series that one order may raise. */
export const ORDER_SERIES_MAX = 16;

/**
 * What an order says: orderNo(4) n(1) {series(1) generation(4)} x n m(1) {grantId(16) leaseEnd(4)} x m. No series and no
 * grant is named twice. @throws AccessError `range`
 */
export function encodeOrder(order: Order): Uint8Array {
  checkOrder(order);
  return writing((writer) => {
    writer.uint('order number', order.orderNo, 4).uint('series', order.series.length, 1);
    for (const { series, generation } of order.series) {
      writer.uint('series', series, 1).uint('generation', generation, 4);
    }
    writer.uint('denied', order.denied.length, 1);
    for (const { grantId, leaseEndS } of order.denied) {
      writer.octets('grant id', grantId, GRANT_ID_SIZE_OCTETS).uint('lease end', leaseEndS, 4);
    }
    return writer;
  });
}

/** The inverse of {@link encodeOrder}. @throws AccessError `length`, `range` */
export function decodeOrder(octets: Uint8Array): Order {
  return reading('an order', octets, (reader) => {
    const orderNo = reader.uint('order number', 4);
    const series = Array.from({ length: reader.uint('series', 1) }, () => ({
      series: reader.uint('series', 1),
      generation: reader.uint('generation', 4),
    }));
    const denied = Array.from({ length: reader.uint('denied', 1) }, () => ({
      grantId: reader.octets('grant id', GRANT_ID_SIZE_OCTETS),
      leaseEndS: reader.uint('lease end', 4),
    }));
    const order = { orderNo, series, denied };
    checkOrder(order);
    return order;
  });
}

/** Message 24: 24 | AES-SIV({@link orderKey}, order). Whoever carries it can neither read nor change it. @throws AccessError `range` */
export function sealOrder(primitives: Primitives, key: Uint8Array, order: Order): Uint8Array {
  return concat(Uint8Array.of(ACCESS_MESSAGE.order), sivSeal(primitives.aes, key, [], encodeOrder(order)));
}

/** The order in a message 24; undefined when it is not sealed by this key. @throws AccessError `kind`, `length`, `range` */
export function openOrder(primitives: Primitives, key: Uint8Array, octets: Uint8Array): Order | undefined {
  if (octets[0] !== ACCESS_MESSAGE.order) throw new AccessError('kind', 'not an order');
  const plain = sivOpen(primitives.aes, key, [], octets.subarray(1));
  return plain === undefined ? undefined : decodeOrder(plain);
}

function checkOrder({ orderNo, series, denied }: Order): void {
  inRange(orderNo >= 1, 'orders count from 1');
  inRange(series.length <= ORDER_SERIES_MAX, `an order raises at most ${ORDER_SERIES_MAX} series`);
  inRange(denied.length <= ORDER_DENIED_MAX, `an order denies at most ${ORDER_DENIED_MAX} grants`);
  inRange(new Set(series.map((each) => each.series)).size === series.length, 'a series is named twice');
  inRange(new Set(denied.map((each) => each.grantId.join())).size === denied.length, 'a grant is named twice');
}
