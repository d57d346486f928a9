import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

/** Languages of the apps, as BCP 47 has them. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What an app says, each text in English and in Chinese: one that has no translation does not compile. */
export type TextTable = Readonly<Record<string, readonly [en: string, zh: string]>>;

/** The texts of one part of an app, known to i18next under `name`. */
export interface Texts<Key extends string> {
  readonly name: string;
  /** Only there for its type. */
  readonly key?: Key;
}

/** `doors_one` and `doors_other` are asked for as `doors` with a `count`. */
type WithoutPlural<Key extends string> = Key extends `${infer Stem}_${'one' | 'other'}` ? Stem : Key;

/** What `{{name}}` in a text stands for. React escapes it: it is always shown as text. */
export type TextValues = Readonly<Record<string, string | number>>;

/** Says a text in the language at hand. */
export type Say<Key extends string> = (key: Key, values?: TextValues) => string;

const WHERE_LANGUAGE_IS_KEPT = 'cardea.language';

/** Starts in the language that was chosen here, else the browser's, else English. Called once, by an app's main. */
export function startTexts(): void {
  document.documentElement.lang = language();
  i18next.on('languageChanged', (chosen) => {
    document.documentElement.lang = chosen;
  });
}

/** The language at hand. */
export function language(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}

/** Chooses a language and keeps the choice in this browser. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(WHERE_LANGUAGE_IS_KEPT, chosen);
  await i18next.changeLanguage(chosen);
}

/** Gives the texts of one part of an app to i18next. `name` is unique in the app. */
export function defineTexts<const Table extends TextTable>(
  name: string,
  table: Table,
): Texts<WithoutPlural<keyof Table & string>> {
  for (const [at, one] of LANGUAGES.entries()) {
    const bundle = Object.fromEntries(Object.entries(table).map(([key, texts]) => [key, texts[at] ?? '']));
    i18next.addResourceBundle(one, name, bundle);
  }
  return { name };
}

/** The texts of one part of an app, in the language at hand; a component that uses it is drawn anew when that changes. */
export function useTexts<Key extends string>({ name }: Texts<Key>): Say<Key> {
  useTranslation(name);
  return (key, values) => say({ name }, key, values);
}

/** The same outside a component: in the language of the moment. */
export function say<Key extends string>({ name }: Texts<Key>, key: Key, values?: TextValues): string {
  return translate(key, { ...values, ns: name });
}

/** i18next types keys by a global table; ours are typed by {@link Texts}. */
function translate(key: string, options: Record<string, unknown>): string {
  return i18next.t(key, options);
}

function firstLanguage(): Language {
  // Tests run where there is no browser.
  if (typeof localStorage === 'undefined') return 'en';
  const wanted = localStorage.getItem(WHERE_LANGUAGE_IS_KEPT) ?? navigator.language;
  return wanted.startsWith('zh') ? 'zh' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'en',
  supportedLngs: [...LANGUAGES],
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  // The tables are flat, and a part is named by itself: a key may hold `.` and `:`, as the server's words do.
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  resources: {},
});
