import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const NO_HTML = {
  selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
  message: 'Text from a resume, a transcript or a model is data, never HTML.',
};
const FROM_A_CATALOGUE = 'What a person reads comes from src/locales: m.some_name().';
const SPOKEN =
  '(aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|label|legend|hint|lead|caption|description|confirm|cancel|empty|name)';
/** Letters that a person would read, wherever JSX can hold them without a detour. */
const NO_LITERALS = [
  'JSXText[value=/[A-Za-z]{2}/]',
  ...[`JSXAttribute[name.name=/^${SPOKEN}$/]`, ':matches(JSXElement, JSXFragment)'].flatMap((holder) => [
    `${holder} > Literal[value=/[A-Za-z]{2}/]`,
    ...[
      '',
      ' > ConditionalExpression',
      ' > LogicalExpression',
      ' > ConditionalExpression > ConditionalExpression',
      ' > LogicalExpression > LogicalExpression',
    ].flatMap((inside) => [
      `${holder} > JSXExpressionContainer${inside} > Literal[value=/[A-Za-z]{2}/]`,
      `${holder} > JSXExpressionContainer${inside} > TemplateLiteral > TemplateElement[value.raw=/[A-Za-z]{2}/]`,
    ]),
  ]),
].map((selector) => ({ selector, message: FROM_A_CATALOGUE }));
/** Still to be moved into a catalogue. */
const STILL_LITERAL = [
  'account',
  'admin',
  'dashboard',
  'device-check',
  'interview',
  'new-interview',
  'results',
  'room',
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/lib/api/schema.gen.ts', 'src/locales/compiled/', 'e2e/output/'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strict, jsxA11y.flatConfigs.strict, reactHooks.configs.flat['recommended-latest']],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'jsx-a11y/aria-role': ['error', { ignoreNonDOM: true }],
      'no-restricted-syntax': ['error', NO_HTML, ...NO_LITERALS],
    },
  },
  {
    // The gallery is for development, a test reads what it renders.
    files: [
      ...STILL_LITERAL.map((feature) => `src/features/${feature}/**`),
      'src/features/gallery/**',
      'src/**/*.test.tsx',
      'src/test/**',
    ],
    rules: { 'no-restricted-syntax': ['error', NO_HTML] },
  },
  {
    // Index arithmetic over typed arrays in loops that run per frame or per sample: a check each time costs more than it tells.
    files: ['src/features/room/{avatar,recorder,sound}/**', 'src/lib/{media,recording}/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
