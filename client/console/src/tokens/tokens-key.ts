/** Query key of the own API tokens. */
export const TOKENS_KEY = ['me', 'tokens'] as const;
