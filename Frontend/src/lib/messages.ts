/** What a person reads: one function per text, from the catalogues in src/locales (`npm run messages` compiles them). */
export { m } from '@/locales/compiled/messages.js';
export { getLocale } from '@/locales/compiled/runtime.js';
