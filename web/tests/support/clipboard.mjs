/** Takes the clipboard from pages, as browsers do without TLS. What is copied all the same is `window.copied`. */
export async function withoutClipboard(page) {
  await page.evaluateOnNewDocument(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });
    document.addEventListener('copy', () => (window.copied = document.activeElement.value), true);
  });
}

/** Has the browser refuse to copy, as it does where the user or the frame does not allow it. */
export async function withRefusedClipboard(page) {
  await page.evaluateOnNewDocument(() => {
    Clipboard.prototype.writeText = () =>
      Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
  });
}
