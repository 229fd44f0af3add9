// Texts as the service reads them.

/** White_Space of Unicode, which `trim()` of JavaScript does not remove in full. */
export const trimmed = (text: string) =>
  text.replace(/^\p{White_Space}+/u, "").replace(/\p{White_Space}+$/u, "");

/** Whether no character is visible: white space, control and ignorable characters, and drawn blanks. */
export const isBlank = (text: string) =>
  /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]*$/u.test(
    text,
  );

/** Equal for texts that differ in case or in their Unicode form only. */
export const folded = (text: string) =>
  text.normalize("NFD").toUpperCase().toLowerCase().normalize("NFD");

/** What a format demands beyond the pattern. A format that is unknown here is not checked. */
export function isOfFormat(format: string | null | undefined, text: string): boolean {
  switch (format) {
    case "HTTP_URL":
      return URL.canParse(text);
    case "UUID":
      return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
    default:
      return true;
  }
}
