// Finds text of a page that is no message: in the pseudo-locale each message is in ⟦ ⟧.

/** Shows the page in the pseudo-locale from its next document on. */
export async function usePseudoLocale(page) {
  await page.evaluateOnNewDocument(() => localStorage.setItem('crm-steps:language', 'en-XA'));
}

/**
 * The visible texts, and the texts of attributes that are read out or shown, that are no messages. What people have
 * written is data: it is in elements with `translate="no"`, in fields, in code and in keys. Numbers and signs need no
 * translation.
 */
export function untranslated(page) {
  return page.evaluate(() => {
    const DATA = '[translate="no"], code, kbd, samp, pre, script, style, input, textarea';
    const ATTRIBUTES = [
      'aria-label',
      'aria-description',
      'aria-roledescription',
      'aria-valuetext',
      'title',
      'placeholder',
      'alt',
    ];
    // A message may be composed of others, and stand between data.
    const rest = (text) => {
      let left = text;
      for (let before = null; before !== left;) {
        before = left;
        left = left.replace(/⟦[^⟦⟧]*⟧/g, ' ');
      }
      return left;
    };
    const isForeign = (text) => /\p{L}/u.test(rest(text));
    const describe = (element) => `${element.tagName.toLowerCase()}${element.className ? `.${element.className}` : ''}`;
    // React Aria’s own word for a hidden button, which it has in each language.
    const LIBRARY = new Set(['Dismiss']);
    const found = [];

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest(DATA) !== null || !isForeign(node.data)) continue;
      // What React puts beside each other may be one message: `⟦3 of ` `7⟧`.
      if (!isForeign(element.textContent)) continue;
      if (element.checkVisibility({ visibilityProperty: true }))
        found.push(`${describe(element)}: ${node.data.trim()}`);
    }
    for (const element of document.body.querySelectorAll('*')) {
      for (const name of ATTRIBUTES) {
        const text = element.getAttribute(name);
        if (text === null || LIBRARY.has(text) || !isForeign(text)) continue;
        // The label of data may be data; a placeholder stands in a field and is a message.
        if (name !== 'placeholder' && element.closest('[translate="no"]') !== null) continue;
        if (element.checkVisibility()) found.push(`${describe(element)} ${name}: ${text}`);
      }
    }
    return found;
  });
}
