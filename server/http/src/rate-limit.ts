import type { Clock } from '@cardea/kit-runtime';

/** A bucket's size and how fast it fills again. */
export interface RateLimit {
  /** Requests that may come at once. */
  readonly capacity: number;
  readonly refillPerS: number;
}

/** How a request stands against its limit. */
export interface RateAnswer {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly resetS: number;
  /** Seconds until as much is there as was asked for. */
  readonly retryAfterS: number;
}

interface Bucket {
  level: number;
  atMs: number;
}

/** Token buckets by key, at most `maxKeys` of them: the one not used for longest goes first. */
export function createRateLimiter(clock: Clock, { capacity, refillPerS }: RateLimit, maxKeys: number) {
  const buckets = new Map<string, Bucket>();
  return {
    /** Takes `cost` from the bucket of `key`. */
    take(key: string, cost = 1): RateAnswer {
      const nowMs = clock.monotonic();
      const bucket = buckets.get(key) ?? { level: capacity, atMs: nowMs };
      bucket.level = Math.min(capacity, bucket.level + ((nowMs - bucket.atMs) / 1000) * refillPerS);
      bucket.atMs = nowMs;
      const allowed = bucket.level >= cost;
      if (allowed) bucket.level -= cost;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > maxKeys) for (const oldest of buckets.keys()) if (buckets.delete(oldest)) break;
      return {
        allowed,
        limit: capacity,
        remaining: Math.floor(bucket.level),
        resetS: Math.ceil((capacity - bucket.level) / refillPerS),
        retryAfterS: allowed ? 0 : Math.ceil((cost - bucket.level) / refillPerS),
      };
    },
    /** Keys held now. */
    size: () => buckets.size,
  };
}

/** What counts as one sender: an IPv4 address, or the /64 of an IPv6 one, which is what a single site is given. */
export function senderOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  if (address.startsWith('::ffff:')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
