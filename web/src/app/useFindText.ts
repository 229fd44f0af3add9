import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Browsers let a page change its address only so often. */
const ADDRESS_AFTER_MS = 300;

/** The text that is looked for: that of the address (`?q=`), which follows what is typed. */
export function useFindText(): [text: string, setText: (text: string) => void] {
  const [path, navigate] = useLocation();
  const address = new URLSearchParams(useSearch()).get('q') ?? '';
  const [text, setText] = useState(address);
  const [shown, setShown] = useState(address);
  if (address !== shown) {
    // A link has changed it, or "back".
    setShown(address);
    setText(address);
  }
  useEffect(() => {
    if (text === address) return undefined;
    const timer = setTimeout(() => {
      setShown(text);
      navigate(text === '' ? path : `${path}?${new URLSearchParams({ q: text })}`, { replace: true });
    }, ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, address, path, navigate]);
  return [text, setText];
}
