import { useMemo, type ReactNode } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { Route, Switch, useLocation } from 'wouter';
import { agents } from '../features/agents/route';
import { history } from '../features/history/route';
import { people } from '../features/people/route';
import { pipeline } from '../features/board/route';
import { pipelines } from '../features/pipelines/route';
import { plan } from '../features/plan/route';
import { simulate } from '../features/simulate/route';
import { useMessages } from '../messages/Messages';
import { Pane } from '../ui/Pane';
import { NotFound } from './NotFound';
import type { Page } from './page';
import { PageSkeleton } from './PageSkeleton';

/** The page of the address. */
export function Routes() {
  return (
    <Switch>
      {route('/', pipelines)}
      {route('/pipelines/:id/history', history)}
      {route('/pipelines/:id/simulate', simulate)}
      {route('/plan', plan)}
      {route('/people', people)}
      {route('/agents', agents)}
      {route('/pipelines/:id', pipeline)}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function route<Params>(path: string, page: Page<Params>): ReactNode {
  return (
    // The pattern of the path names the parameters of the page.
    <Route path={path}>{(params) => <PageOf page={page} params={params as Params} />}</Route>
  );
}

function PageOf<Params>({ page, params }: { page: Page<Params>; params: Params }) {
  const environment = useRelayEnvironment();
  const t = useMessages();
  const [path] = useLocation();
  const { Component, preload } = page;
  // Together with the code of the page, which starts to load when it is drawn.
  useMemo(() => preload?.(environment, params, new URLSearchParams(window.location.search)), [path]);
  return (
    <Pane key={path} label={t.frame.page} skeleton={<PageSkeleton />}>
      <Component params={params} />
    </Pane>
  );
}
