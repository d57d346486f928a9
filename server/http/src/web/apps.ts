/** A file of a built app, held in memory, with its compressed forms where the build made some. */
export interface WebFile {
  readonly octets: Buffer;
  readonly gzip?: Buffer;
  readonly brotli?: Buffer;
}

/** The files of one built app by path below its folder, such as `assets/index-4f2a.js`. */
export type WebFiles = ReadonlyMap<string, WebFile>;

/** Names of the web apps, which are also the first segments of their addresses. */
export const WEB_APPS = ['console', 'phone'] as const;
export type WebAppName = (typeof WEB_APPS)[number];

/** The built apps; one that has not been built is missing. */
export type WebApps = { readonly [Name in WebAppName]?: WebFiles };
