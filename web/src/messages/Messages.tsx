import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { Messages } from './en';
import { type Format, formatFor } from './format';
import type { Language } from './language';
import { loadMessages } from './load';

interface Current {
  language: Language;
  messages: Messages;
  format: Format;
}

const Context = createContext<Current | null>(null);

function currentOf(language: Language, messages: Messages): Current {
  return { language, messages, format: formatFor(language) };
}

/**
 * Gives what is below it the sentences of `language`. `initial` are the messages that the page loaded before it drew
 * anything; after a change of the language the old ones stay until the new ones are there.
 */
export function MessagesProvider({
  language,
  initial,
  children,
}: {
  language: Language;
  initial: { language: Language; messages: Messages };
  children: ReactNode;
}) {
  const [current, setCurrent] = useState(() => currentOf(initial.language, initial.messages));
  useEffect(() => {
    if (language === current.language) return undefined;
    let isWanted = true;
    void loadMessages(language).then((messages) => {
      if (isWanted) setCurrent(currentOf(language, messages));
    });
    return () => {
      isWanted = false;
    };
  }, [language, current.language]);
  useEffect(() => {
    document.documentElement.lang = current.language;
  }, [current.language]);
  return (
    <Context value={current}>
      <I18nProvider locale={current.language === 'pt-BR' ? 'pt-BR' : 'en-US'}>{children}</I18nProvider>
    </Context>
  );
}

function useCurrent(): Current {
  const current = useContext(Context);
  if (current === null) throw new Error('There is no MessagesProvider above this component.');
  return current;
}

/** The sentences in the language of the page, by part: `useMessages().board.moveLeft`. */
export function useMessages(): Messages {
  return useCurrent().messages;
}

/** Numbers, dates and durations as the language of the page writes them. */
export function useFormat(): Format {
  return useCurrent().format;
}

/** The language of the page, as of its messages. */
export function useLanguage(): Language {
  return useCurrent().language;
}
