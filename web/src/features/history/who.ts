import type { Messages } from '../../messages/en';

/** With which token a change was made, and for which member. */
export interface Author {
  readonly tokenId: string;
  readonly tokenName: string;
  readonly membership: { readonly name: string } | null | undefined;
}

/** The member on whose behalf a change was made, or else its token. */
export function nameOfAuthor(t: Messages, author: Author | undefined): string {
  if (author === undefined) return t.history.somebody;
  return author.membership?.name ?? t.history.token(author.tokenName);
}
