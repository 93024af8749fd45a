/** pages → components → lib; a page never imports another page. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib-stands-alone',
      comment: 'lib knows nothing of what is drawn with it',
      severity: 'error',
      from: { path: '^src/lib', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/(components|pages|test)|^src/(main|routes)' },
    },
    {
      name: 'components-know-no-page',
      severity: 'error',
      from: { path: '^src/components' },
      to: { path: '^src/pages|^src/(main|routes)' },
    },
    {
      name: 'a-page-never-imports-another-page',
      severity: 'error',
      from: { path: '^src/pages/([^/]+)/' },
      to: { path: '^src/pages/([^/]+)/', pathNot: '^src/pages/$1/' },
    },
    {
      name: 'no-test-in-the-product',
      severity: 'error',
      from: { path: '^src', pathNot: '(\\.test\\.tsx?$|^src/test/)' },
      to: { path: '(\\.test\\.tsx?$|^src/test/)' },
    },
    { name: 'not-to-dev-dep', severity: 'error', from: { path: '^src', pathNot: '(\\.test\\.tsx?$|^src/test/)' }, to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/(@types|vite)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.app.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
