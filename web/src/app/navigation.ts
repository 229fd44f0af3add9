let hasNavigated = false;
let path = window.location.pathname;

/** Whether the page was reached by a link of another page, instead of by loading the document. */
export function isNavigation(): boolean {
  return hasNavigated;
}

/** Starts each page at its top, unless the browser goes back to where the person was. */
export function followNavigation(): void {
  // The router sends this event, of which browsers have none.
  window.addEventListener('pushState', () => {
    if (isOtherPage()) window.scrollTo(0, 0);
  });
  window.addEventListener('popstate', isOtherPage);
}

/** Views, filters and open steps are in the search, and are not other pages. */
function isOtherPage(): boolean {
  if (window.location.pathname === path) return false;
  path = window.location.pathname;
  hasNavigated = true;
  return true;
}
