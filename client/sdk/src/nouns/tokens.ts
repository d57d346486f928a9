import type { BodyOf, CreatedToken, Token } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** API tokens of one's own. */
export interface TokensClient {
  readonly tokens: {
    list(options?: RequestOptions): Promise<readonly Token[]>;
    create(input: BodyOf<'POST /v1/tokens'>, options?: RequestOptions): Promise<CreatedToken>;
    remove(id: string, options?: RequestOptions): Promise<void>;
  };
}

/** {@link TokensClient} over a transport. */
export const tokensClient = ({ call }: Transport): TokensClient => ({
  tokens: {
    list: async (more) => (await call('GET /v1/tokens', {}, more)).items,
    create: (body, more) => call('POST /v1/tokens', { body }, more),
    remove: (id, more) => call('DELETE /v1/tokens/{id}', { params: { id } }, more),
  },
});
