// The arrows of ARCHITECTURE.md: kit <- wire <- actors <- twin <- e2e, bench, app; two actors never import each other.
const outside = (...allowed) => ({
  path: '^(kit|wire|server|gateway|lock|client|twin|e2e|bench|app)/',
  pathNot: allowed,
});
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const notTests = '[.]test[.]ts$|/test/';

export default {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle means that two ideas are one, or that one is in the wrong place.',
      {},
      { circular: true },
    ),
    rule('kit-depends-on-kit', 'Level 0 depends on nothing above it.', { path: '^kit/' }, outside('^kit/')),
    rule(
      'wire-depends-on-kit',
      'Protocols know kit and each other, never an actor.',
      { path: '^wire/', pathNot: notTests },
      outside('^kit/', '^wire/'),
    ),
    rule(
      'wire-is-pure',
      'A protocol has no I/O.',
      { path: '^(wire|server/core|client/key|kit/(octets|crypto|runtime|radio))/', pathNot: notTests },
      { path: '^node:|^kit/node/', dependencyTypes: ['core', 'local', 'localmodule'] },
    ),
    rule(
      'no-node-core-in-pure',
      'A protocol uses no node module.',
      { path: '^(wire|server/core|client/key|kit/(octets|crypto|runtime|radio))/', pathNot: notTests },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'core-knows-no-door',
      'core <- {http, xmpp, store, notify} <- main.',
      { path: '^server/core/', pathNot: notTests },
      outside('^kit/', '^wire/', '^server/core/'),
    ),
    rule(
      'doors-are-strangers',
      'http, xmpp, store and notify do not know each other.',
      { path: '^server/(http|xmpp|store|notify)/', pathNot: notTests },
      outside('^kit/', '^wire/', '^server/core/', '^server/$1/'),
    ),
    rule(
      'server-is-an-actor',
      'Actors meet only on the wire.',
      { path: '^server/main/', pathNot: notTests },
      outside('^kit/', '^wire/', '^server/'),
    ),
    rule(
      'gateway-is-an-actor',
      'Actors meet only on the wire.',
      { path: '^gateway/', pathNot: notTests },
      outside('^kit/', '^wire/', '^gateway/'),
    ),
    rule(
      'lock-is-an-actor',
      'Actors meet only on the wire.',
      { path: '^lock/', pathNot: notTests },
      outside('^kit/', '^wire/', '^lock/'),
    ),
    rule(
      'client-is-an-actor',
      'Clients speak only the API.',
      { path: '^client/', pathNot: notTests },
      outside('^kit/', '^wire/', '^client/'),
    ),
    rule(
      'browser-has-no-node',
      'What runs in a browser uses no node module.',
      { path: '^(kit/web|client/(ui|console|phone))/src/', pathNot: notTests },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'browser-depends-on-browser',
      'What runs in a browser knows no process of this machine.',
      { path: '^(kit/web|client/(ui|console|phone))/src/', pathNot: notTests },
      { path: '^(kit/node|client/cli)/' },
    ),
    rule(
      'sdk-knows-the-api-only',
      'The SDK depends on wire/api alone.',
      { path: '^client/sdk/', pathNot: notTests },
      outside('^wire/api/', '^client/sdk/'),
    ),
    rule(
      'twin-below-app',
      'The twin is used by e2e, bench and app.',
      { path: '^twin/' },
      { path: '^(e2e|bench|app)/' },
    ),
    rule(
      'nothing-imports-the-top',
      'e2e, bench and app are leaves.',
      { path: '^(kit|wire|server|gateway|lock|client|twin)/' },
      { path: '^(e2e|bench|app)/' },
    ),
    rule(
      'packages-by-name',
      'Only src/index.ts of another package is public.',
      { path: '^((?:kit|wire|server|client|twin)/[^/]+|gateway|lock)/', pathNot: notTests },
      { path: '^(kit|wire|server|client|twin)/[^/]+/src/|^(gateway|lock)/src/', pathNot: ['^$1/', '/src/index[.]ts$'] },
    ),
    rule('one-index', 'No barrels inside a package.', {}, { path: '/src/.+/index[.]ts$' }),
    rule('declared', 'Every import is declared.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/(?!@cardea)|dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
