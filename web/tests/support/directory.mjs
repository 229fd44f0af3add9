// The lists of agents and of people.

/** Waits until a list shows these names, in this order. */
export async function waitForNames(page, expected) {
  await page.waitForFunction(
    (expected) => {
      const names = [...document.querySelectorAll('.directory-row-name')].map((name) => name.innerText);
      return JSON.stringify(names) === JSON.stringify(expected);
    },
    {},
    expected,
  );
}
