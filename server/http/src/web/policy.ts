/**
 * Powerful features: the phone reads QR codes; what is not used cannot be asked for. Bluetooth is not named: it is for the
 * own origin alone without a word, and browsers that have none complain of the name.
 */
const PERMISSIONS = [
  'camera=(self)',
  ...[
    'accelerometer',
    'autoplay',
    'display-capture',
    'geolocation',
    'gyroscope',
    'hid',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ].map((feature) => `${feature}=()`),
].join(', ');

/**
 * The content security policy (CSP 3) of the web apps: everything from this server, and no script but its files. A `nonce`
 * admits the style elements that the console's components make; elsewhere styles are files too. Strings become markup or
 * scripts only through the one policy of Trusted Types that the apps make (`startTrustedTypes` in client/ui).
 */
function contentSecurityPolicy(nonce: string | undefined): string {
  const styles = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

/** What every answer of a web app tells the browser, besides what all answers of the door do. */
export function webHeaders(nonce?: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy(nonce),
    'permissions-policy': PERMISSIONS,
    'cross-origin-opener-policy': 'same-origin',
  };
}
