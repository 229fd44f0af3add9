import './workers';
import '@fontsource/fira-code/400.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './editor.css';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, type GraphiQLProps } from 'graphiql';
import { getOperationAST, parse } from 'graphql';
import { useEffect, useMemo } from 'react';
import { TokenRejected, send } from './api';
import { EXAMPLES } from './examples';
import { subscribe } from './subscribe';

type FetcherParams = Parameters<GraphiQLProps['fetcher']>[0];

interface Props {
  token: string;
  onRejected: (rejection: TokenRejected) => void;
}

/** GraphiQL, in a separate chunk because it is large. */
export default function Editor({ token, onRejected }: Props) {
  const fetcher = useMemo<GraphiQLProps['fetcher']>(() => {
    const fail = (error: unknown): never => {
      if (error instanceof TokenRejected) onRejected(error);
      throw error;
    };
    return (params) => {
      const operation = withOwnName(params);
      return isSubscription(operation)
        ? subscribe(token, operation, fail)
        : send(token, operation).catch(fail);
    };
  }, [token, onRejected]);
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={EXAMPLES}
      defaultEditorToolsVisibility="variables"
      // The page sends the only header that the service needs. Headers entered here would be stored in
      // the history.
      isHeadersEditorEnabled={false}
      shouldPersistHeaders={false}
      // Tabs and history are deleted with the token.
      storage={sessionStorage}
    >
      <GraphiQL.Logo>
        <></>
      </GraphiQL.Logo>
      <EditorLabels />
    </GraphiQL>
  );
}

/** Right after a change of tabs, GraphiQL still has the operation name of the previous tab. */
function withOwnName(operation: FetcherParams): FetcherParams {
  const { operationName, query } = operation;
  return operationName && new RegExp(`\\b${operationName}\\b`).test(query)
    ? operation
    : { ...operation, operationName: undefined };
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    // The service says what is wrong.
    return false;
  }
}

/** Labels the editors for screen readers; by default all three are "Editor content". */
function EditorLabels() {
  const { query, variables, response } = useGraphiQL((state) => ({
    query: state.queryEditor,
    variables: state.variableEditor,
    response: state.responseEditor,
  }));
  useEffect(() => {
    query?.updateOptions({ ariaLabel: 'Operation' });
    variables?.updateOptions({ ariaLabel: 'Variables' });
    response?.updateOptions({ ariaLabel: 'Result' });
  }, [query, variables, response]);
  return null;
}
