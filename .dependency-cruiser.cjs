// Which floor may import which. A rule's comment is what the reader of a failure sees, so it says
// why. Change a rule and the table in ARCHITECTURE.md in one commit.
const CORE = '^(node:)?[a-z_/]+$'; // Node's own modules
// Tests and what supports them may reach across floors; the product never imports them.
const TEST = '[.]test[.]ts$|/testing/|/testdata/';
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);
const only = (folder, allowed, comment) => ({
  name: `${folder}-imports`,
  severity: 'error',
  comment,
  from: { path: `^${folder}/`, pathNot: TEST },
  to: { pathNot: [`^${folder}/`, ...allowed] },
});

module.exports = {
  forbidden: [
    only(
      'contract',
      npm('zod', '@orpc/contract'),
      'contract/ is read by every process and every machine.',
    ),
    only(
      'simulator',
      ['^contract/'],
      'A simulation is a pure function: it reads nothing but its input.',
    ),
    only(
      'agent',
      ['^contract/', CORE, ...npm('koffi')],
      'The agent ships to the target as one file.',
    ),
    only(
      'lab',
      [
        '^contract/',
        '^simulator/',
        CORE,
        ...npm('ssh2', 'node-pty', '@yowasp/clang', '@orpc/server', '@orpc/contract', 'ws', 'zod'),
      ],
      'lab/ runs headless: no Electron, no browser, no command line.',
    ),
    only(
      'cli',
      ['^contract/', '^lab/', CORE, ...npm('commander', 'picocolors')],
      'cli/ is a face of lab/.',
    ),
    only(
      'electron',
      ['^contract/', '^lab/', CORE, ...npm('electron', '@orpc/server', 'zod')],
      'electron/ is a face of lab/, and thin.',
    ),
    only(
      'renderer',
      [
        '^contract/',
        '^svelte/',
        ...npm(
          'svelte',
          'monaco-editor',
          '@xterm',
          '@orpc/client',
          '@orpc/contract',
          'zod',
          '@fontsource-variable',
          '@fontsource',
        ),
      ],
      'The renderer reaches the other processes through contract/ only.',
    ),
    {
      name: 'only-driver-room-sees-webassembly',
      severity: 'error',
      comment:
        'Kernel, I/O, filters and file system get decoded values; raw memory stays in driver/.',
      from: {
        path: '^simulator/(kernel|io|file-system|filter-manager|windows|workload|conformance|debugger)/',
        pathNot: TEST,
      },
      to: { path: '^simulator/driver/' },
    },
    {
      name: 'file-system-and-filter-manager-meet-in-io',
      severity: 'error',
      comment: 'As on Windows, both know the I/O manager and neither knows the other.',
      from: { path: '^simulator/(file-system|filter-manager)/', pathNot: TEST },
      to: { path: '^simulator/(file-system|filter-manager)/', pathNot: '^simulator/$1/' },
    },
    {
      name: 'kernel-is-the-ground',
      severity: 'error',
      comment: 'kernel/ knows neither I/O nor anything above it.',
      from: { path: '^simulator/kernel/', pathNot: TEST },
      to: { path: '^simulator/', pathNot: ['^simulator/kernel/', '^simulator/windows/'] },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment:
        'A cycle hides which floor decides. Type-only cycles between two records are allowed.',
      from: { pathNot: TEST },
      to: {
        circular: true,
        dependencyTypesNot: ['type-only'],
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment: 'Nothing imports this: use it or delete it.',
      from: {
        orphan: true,
        pathNot: [
          '([.](test|typetest|d|config)|/(main|preload|index|worker))[.](ts|mjs|js)$',
          '^scripts/',
          '^e2e/',
          '^bin/',
          '[.]config[.](ts|js)$',
          '^driver-samples/',
        ],
      },
      to: {},
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      comment: 'Product code must not import tests or their data.',
      from: { pathNot: [TEST, '^scripts/', '^e2e/'] },
      to: { path: '[.]test[.]ts$|/testing/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|out|dist)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.svelte'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
