import { chooseLanguage, language } from '@cardea/client-ui';
import type { ReactNode } from 'react';

/** Changes to the other language, which it names in that language. */
export function LanguageSwitch(): ReactNode {
  const other = language() === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" className="quiet" lang={other} onClick={() => void chooseLanguage(other)}>
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}
