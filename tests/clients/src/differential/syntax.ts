// Texts at the limits of the grammar of GraphQL. graphql-js decides which of them are documents.

import { step } from "./parts";

const field = (argument: string) => `{ agents(${argument}) { totalCount } }`;
/** As the value of a String. */
const text = (literal: string) => field(`after: ${literal}`);
/** As the value of an ID, which takes integers of any size. */
const id = (literal: string) => `{ node(id: ${literal}) { id } }`;
/** As the value of a custom scalar, which takes literals of every kind. */
const any = (literal: string) => `mutation { ${step(`webhookHeader: ${literal}`)} }`;

const documents: readonly string[] = [
  // Operations.
  ...["", " ", "# only a comment", "{}", "{ }", "query {}", "query", "query A", "query A {}"],
  ...["{ __typename"],
  ...["__typename }", "{ { __typename } }", "query () { __typename }", "query A() { __typename }"],
  ...["{ viewer { } }", "{ viewer {} }", "{ agents() { totalCount } }", "{ __typename() }"],
  ...["{ __typename @skip() }", "{ __typename @ skip(if: true) }"],
  ...["{ __typename @@skip(if: true) }"],
  ...["query A B { __typename }", "Query { __typename }", "QUERY { __typename }"],
  ...["{ __typename } }"],
  ...["{ __typename } { __typename", "[ __typename ]", "subscription", "mutation {}", "mutation"],
  ...["query ($v) { __typename }", "query ($v:) { __typename }", "query (v: Int) { __typename }"],
  ...["query ($: Int) { __typename }", "query ($v: Int!!) { __typename }"],
  ...["query ($v: [Int) { __typename }"],
  ...["query ($v: []) { __typename }", "query ($v: Int = ) { __typename }"],
  ...["query ($v: Int = $w) { __typename }"],
  ...["query ($v: [Int] = [$w]) { __typename }"],
  ...["query ($ v: Int) { agents(first: $ v) { totalCount } }"],
  ...["query ($v: Int = 1 @nope) { __typename }", "query ($v Int) { __typename }"],
  ...["query $v: Int { __typename }"],
  ...["query A [$v: Int] { __typename }", 'query ($v: "Int") { __typename }'],
  ...["query A(,) { __typename }"],
  // Fragments.
  ...["fragment on on Query { __typename } { ...on }", "{ ...F } fragment F on on { __typename }"],
  ...["{ ... on { __typename } }", "{ ...on }", "{ ... on Query }", "{ ... }"],
  ...["{ ... F } fragment F on Query { __typename }"],
  ...["fragment F { __typename } { ...F }", "fragment F on { __typename } { ...F }", "{ .. F }"],
  ...["{ ....F }"],
  ...["fragment F on Query {} { ...F }", "{ ...on Query { __typename } }"],
  ...["{ ...@skip(if: true) { __typename } }"],
  ...["fragment F($v: Int) on Query { __typename } { ...F }"],
  ...["fragment onon on Query { __typename } { ...onon }"],
  ...["{ ... on Query @skip(if: false) { __typename } }"],
  ...["{ ... @skip(if: false) on Query { __typename } }"],
  // Names, aliases and arguments.
  ...["{ a: : __typename }", "{ a: b: __typename }", "{ a : __typename }", "{ a:__typename }"],
  ...["{ :__typename }"],
  ...["{ a: }", "{ 1a: __typename }", "{ a-b: __typename }", "{ é: __typename }"],
  ...["{ _: __typename }"],
  ...["{ __: __typename }", "{ true: __typename }", "{ null: __typename on: __typename }"],
  ...["{ a.b }", "{ $a }"],
  // Names without a value.
  ...[field("first"), field("first: 1 last"), field("last first: 1"), field("first, first: 1")],
  ...["{ __typename @skip(if: true x) }", "{ __typename @skip(x if: true) }"],
  ...["{ __typename @skip(if) }"],
  ...[any("{a}"), any("{a: 1 b}"), any("{a b: 1}"), field("filter: {name}")],
  ...[field("filter: {name {eq: 1}}")],
  ...['mutation { deleteAgent(id: "x", expectedVersion) { replayed } }'],
  ...["query ($v) { __typename }"],
  ...[field("first 1"), field("first: "), field("first: 1,, last: null"), field(",first: 1,")],
  ...[field("first = 1")],
  ...[field("first:: 1"), field("first: 1 2"), field('"first": 1'), field("first: 1;")],
  ...[field("first: (1)")],
  // Values.
  ...[any("[1 2,3]"), any("[1"), any("]"), any("[,]"), any("{a 1}"), any("{a: 1 b: 2}")],
  ...[any("{a: 1,}"), any("{,}")],
  ...[any("{a: }"), any('{"a": 1}'), any("{a: {b: [{}]}}"), any("{on: 1, true: 2}"), any("&")],
  ...[any("a.b"), any("<x>")],
  ...[any("$"), any("$1"), any("true1"), any("nulls"), any("NULL"), any("True"), any("on")],
  ...[any("fragment")],
  ...[any("@x"), any("!"), any("null!"), any("- 1"), any("+1"), any("--1"), any("-"), any("-a")],
  ...[any("Infinity"), any("-Infinity")],
];

const numbers: readonly string[] = [
  ...["0", "-0", "00", "01", "-01", "1.", "1.0", "1.e1", ".5", "-.5", "1e5", "1E5", "1e+5", "1e-5"],
  ...["1e", "1e+"],
  ...["1.5e10", "1.5.5", "1e1.5", "0x1F", "0b1", "1_000", "1a", "1.5a", "1e5a", "1_", "1.5_"],
  ...["0.0", "-0.0", "0e0"],
  ...["9007199254740993", "123456789012345678901234567890", "1.7976931348623157e308", "0.1e-400"],
  ...["1…2", "1..2", "1...2"],
];

const strings: readonly string[] = [
  ...['""', '"x"', '" "', '"\t"', '"😀"', '"é"', '"\u2028"', '"\u0085"', '"\u007f"', '"\ufeff"'],
  ...['"\uffff"'],
  // Line breaks and other control characters.
  ...['"\n"', '"\r"', '"\r\n"', '"\na"', '"a\nb"', '"a\r"', '"\\\n"', '"\0"', '"\u0007"'],
  ...['"\u001f"', '"\u000b"', '"\f"'],
  ...['"', '"x', "'x'", "`x`", '"x""y"', '"""', '""""', '"""""', '""""""', '"""""""', '""""""""'],
  ...['"""x"'],
  // Escapes.
  ...['"\\""', '"\\\\"', '"\\/"', '"\\b\\f\\n\\r\\t"', '"\\a"', '"\\0"', '"\\x41"', '"\\\'"'],
  ...['"\\U0041"', '"\\', '"\\"'],
  ...['"\\u0041"', '"\\u00e9"', '"\\u00E9"', '"\\u004"', '"\\u00g1"', '"\\u"', '"\\u 041"'],
  ...['"\\u+041"', '"\\u0000"'],
  ...['"\\u{41}"', '"\\u{0}"', '"\\u{1F600}"', '"\\u{1f600}"', '"\\u{10FFFF}"', '"\\u{110000}"'],
  ...['"\\u{FFFFFF}"'],
  ...['"\\u{}"', '"\\u{ 41}"', '"\\u{41 }"', '"\\u{4g}"', '"\\u{41"', '"\\u{41\\u{42}"'],
  ...['"\\u{-41}"', '"\\u{000041}"'],
  ...['"\\u{d800}"', '"\\u{DFFF}"', '"\\u{D83D}\\u{DE00}"', '"\\u{FFFFFFFFF}"', '"\\u{100000041}"'],
  ...['"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"'],
  ...['"\\ud83d\\ud83d"'],
  ...['"\\ud83dx"', '"\\ud83d\\u0041"', '"\\ud83d\\u{de00}"', '"\\ud83d\\n"', '"\\ud83d😀"'],
  ...['"\\ud83d\\ude00\\ude00"'],
  ...['"\\udbff\\udfff"', '"\\ud83d\\ude0"', '"\\ud83d ude00"', '"😀\\ude00"'],
  // Block strings.
  ...['"""x"""', '"""x "y" z"""', '"""x ""y"" z"""', '"""x" """', '"""x\\""""', '"""\\"""'],
  ...['"""\\""""""'],
  ...['"""x \\""" y"""', '"""\\n \\u{} \\q"""', '"""\\"""', '"""\n  a\n    b\n"""'],
  ...['"""\r  a\r  b\r"""', '"""\r\n\r\na"""'],
  ...[
    '"""\t"""',
    '"""\u0007"""',
    '"""\0"""',
    '"""\u001f"""',
    '"""😀"""',
    '"""\u2028"""',
    '""" """',
  ],
  ...['"""\\\\"""'],
];

/** Texts that may or may not be between tokens, such as the byte order mark. */
const ignored: readonly string[] = [
  ...[" ", "\t", "\n", "\r", "\r\n", "\n\r", ",", ",,,", "\ufeff", "\ufeff\ufeff", "#x\n", "#x\r"],
  ...["#x\r\n", "#\n"],
  ...["# 😀 é \u2028\n", "#\u0007\n", "#\0\n", "#\t\ufeff\n", '#"\n', "#{\n", "##\n", "#x"],
  ...["\u00a0", "\u2028", "\u2029", "\u0085", "\v", "\f", "\u200b", "\0", "\u001a", "\u007f"],
  ...["\u3000"],
  ...[
    ";",
    "//x\n",
    "/*x*/",
    "\\",
    "/",
    "%",
    "^",
    "~",
    "*",
    "+",
    "<",
    ">",
    "?",
    "`",
    "'",
    "😀",
    "é",
  ],
  ...["\u202e"],
];

const aroundTokens = (between: string) => [
  `${between}{ __typename }`,
  `{ __typename }${between}`,
  `{ a${between}: __typename${between}b: __typename }`,
  `{ agents(${between}first: -${between}1) { totalCount } }`,
];

/** A document with each production of the grammar of operations and fragments. */
const complete = `"What it is for."
query A("How many." $v: Int = 1, $w: [ID!]! = ["x", -1], $o: [ListOrder!] = [{field: NAME}]) {
  viewer { tokenName }
  a: agents(first: $v, filter: {and: [{name: {eq: "x"}}], id: {in: $w}, createdAt: {gt: "2026-01-31T12:00:00Z"}}, orderBy: $o) {
    totalCount @skip(if: false) @include(if: true)
    ...F @skip(if: false)
    ... on AgentConnection { pageInfo { endCursor } }
    ... @include(if: true) { b: totalCount c: __typename }
    ... { nodes { ...G } }
  }
}
"One page." fragment F on AgentConnection { nodes { id } }
fragment G on Agent { name }`;

const token =
  /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|\.{3}|[_A-Za-z]\w*|-?\d+(?:\.\d+)?(?:e\d+)?|\S/g;

/** The complete document without each of its tokens, with each twice, and with more between them. */
const changedAtEachToken = [...complete.matchAll(token)].flatMap(({ index, 0: found }) => {
  const before = complete.slice(0, index);
  const after = complete.slice(index + found.length);
  return [
    before + after,
    `${before}${found} ${found}${after}`,
    `${before}name ${found}${after}`,
    `${before} , #,\r\ufeff , ${found}${after}`,
  ];
});

export const texts: readonly string[] = [
  complete,
  ...changedAtEachToken,
  ...documents,
  ...numbers.flatMap((number) => [any(number), id(number), field(`first: ${number}`)]),
  ...strings.flatMap((literal) => [text(literal), any(`{a: [${literal}]}`)]),
  ...ignored.flatMap(aroundTokens),
];
