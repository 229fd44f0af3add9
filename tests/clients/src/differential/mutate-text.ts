// Changes of the text of a document that the parser must reject, or must ignore.
import type { Random } from "./random";

const token = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|\.{3}|[_A-Za-z]\w*|-?\d+(?:\.\d+)?|\S/g;

/** Ignored tokens, and characters that only look like them. */
const ignored = [
  ...[
    ",",
    ",,",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\ufeff",
    "# a comment 😀\n",
    "#\r",
    "\v",
    "\f",
    "\u00a0",
  ],
  ...["\u2028", "\u200b", "\0", "/* no comment */", ";"],
];
const wrongTokens = [
  ...["{", "}", "(", ")", "[", "]", ":", "!", "=", "@", "|", "&", "$", "...", "..", ".", "?", "^"],
  ...[
    "on",
    "query",
    "fragment",
    "true",
    "null",
    "__typename",
    "é",
    "0",
    "-0",
    "01",
    "-01",
    "1.",
    ".5",
  ],
  ...[
    "1.5",
    "1e5",
    "1e",
    "1E+5",
    "0x1",
    "1a",
    "1_000",
    "- 1",
    "+1",
    "--1",
    '"',
    '""',
    '"""',
    '""""""',
  ],
  ...[
    '"open',
    '"\n"',
    '"\\x"',
    '"\\u00e9"',
    '"\\u00"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
  ],
  ...['"\\u{1F600}"', '"\\u{}"', '"\\u{110000}"', '"\\u{d83d}"', '"\\u{1F600"', '"\\u{00001F600}"'],
  ...[
    '"""block \\""" end"""',
    '"""\r  indented\r  """',
    '"""\u0007"""',
    '"\u0007"',
    "'x'",
    "`x`",
    "😀",
  ],
];

/** The text with this many changes of its tokens, or between them. */
export function mutateText(text: string, count: number, random: Random): string {
  let changed = text;
  for (let done = 0; done < count; done += 1) {
    changed = changeOnce(changed, random);
  }
  return changed;
}

function changeOnce(text: string, random: Random): string {
  const tokens = [...text.matchAll(token)];
  if (tokens.length === 0) {
    return text;
  }
  const { index, 0: found } = random.pick(tokens);
  const before = text.slice(0, index);
  const after = text.slice(index + found.length);
  switch (random.below(7)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${found} ${found}${after}`;
    case 2:
      return `${before}${random.pick(wrongTokens)}${after}`;
    case 3:
      return `${before}${random.pick(wrongTokens)} ${found}${after}`;
    case 4:
      // Also within a token.
      return `${before}${found.slice(0, 1)}${random.pick(ignored)}${found.slice(1)}${after}`;
    case 5:
      return before;
    default:
      return `${before}${random.pick(ignored)}${found}${after}`;
  }
}
