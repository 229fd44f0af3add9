/** Takes the clipboard from pages, as browsers do without TLS. What is copied all the same is `window.copied`. */
export async function withoutClipboard(page) {
  await page.evaluateOnNewDocument(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });
    document.addEventListener('copy', () => (window.copied = document.activeElement.value), true);
  });
}
